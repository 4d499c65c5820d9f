import { requestFacts } from '../../lib/observe/request-facts.js';

describe('the path that events and the audit log tell', () => {
  it.each([
    ['/kapacitor/v1/config?u=amy&p=secret', '/kapacitor/v1/config'],
    ['/kapacitor/v1/write%3fu=amy%26p=secret', '/kapacitor/v1/(hidden)'],
    ['/write%253fp%253dsecret', '/(hidden)'],
    ['/write;p=secret', '/write'],
    ['/x//amy:secret@host/write', '/x//host/write'],
    ['/x%2f%2famy:secret%40host', '/(hidden)'],
    ['http://amy:secret@gw/kapacitor/v1/ping', '/kapacitor/v1/ping'],
    ['/kapacitor/v1/users/amy@example.com', '/kapacitor/v1/users/amy@example.com'],
    ['/kapacitor/v1/tasks/a%20b', '/kapacitor/v1/tasks/a%20b'],
    ['http://eyJhbGciOiJub25lIn0.eyJ1IjoiYSJ9.x/ping', '/(hidden)'],
  ])('of %j is %j', (url, path) => {
    expect(requestFacts({ url }).path).toBe(path);
  });
});

describe('the method that events and the audit log tell', () => {
  it.each([
    ['GET', 'GET'],
    ['VERSION-CONTROL', 'VERSION-CONTROL'],
    ['eyJhbGciOiJub25lIn0.eyJ1IjoiYSJ9.x', '(hidden)'],
    ['A'.repeat(33), '(hidden)'],
    [undefined, undefined],
  ])('of %j is %j', (method, shown) => {
    expect(requestFacts({ method }).method).toBe(shown);
  });
});
