import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { readBody } from '../../lib/express/read-body.js';

afterEach(() => jest.useRealTimers());

/** A request whose body comes by and by. */
function slowRequest(): PassThrough & Pick<IncomingMessage, 'headers'> {
  return Object.assign(new PassThrough(), { headers: {} });
}

describe('the body of a request', () => {
  it('is read if it comes within 30 s', async () => {
    const request = slowRequest();
    const body = readBody(request);
    request.write('a=');
    request.end('b');
    expect(Buffer.from(await body).toString()).toBe('a=b');
  });

  it('is refused if it takes longer, however steadily it comes', async () => {
    jest.useFakeTimers();
    const request = slowRequest();
    const body = readBody(request);
    const refused = expect(body).rejects.toMatchObject({ status: 400 });
    for (let second = 0; second <= 30; second += 1) {
      request.write('x');
      await jest.advanceTimersByTimeAsync(1000);
    }
    await refused;
  });
});
