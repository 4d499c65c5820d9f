import { basic } from '../support/open-auth.js';
import { RawConnection } from './connection/raw-connection.js';
import { StartedGateway } from './gateway/started-gateway.js';

const ROOT = `Authorization: ${basic('root', 'root-password')}\r\n`;

describe('a request target', () => {
  let gateway: StartedGateway;
  const open: RawConnection[] = [];

  beforeAll(async () => {
    gateway = await StartedGateway.start();
  });

  beforeEach(() => {
    gateway.upstream.seen.length = 0;
  });

  afterEach(() => {
    for (const { socket } of open.splice(0)) socket.destroy();
  });

  afterAll(async () => {
    await gateway.stop();
  });

  async function answerTo(line: string, host = 'gw', end = 'Connection: close\r\n') {
    const connection = new RawConnection(gateway.server.url);
    open.push(connection);
    connection.write(`${line} HTTP/1.1\r\nHost: ${host}\r\n${ROOT}${end}\r\n`);
    return connection.ended;
  }

  const UTF8 = Buffer.from('/write?db=größe&u=root&p=geheim').toString('latin1');

  it('with bytes beyond ASCII gets 400 in JSON, a line in the log, and the end of its connection', async () => {
    const answer = await answerTo(`POST ${UTF8}`, 'gw', '');
    const text = 'the request target holds bytes that must be percent-encoded, such as %C3%B6';
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/json; /);
    expect(answer).toContain('\r\nConnection: close\r\n');
    const body: unknown = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    expect(body).toEqual({ error: text, message: text });
    expect(gateway.log.requests.at(-1)).toMatchObject({
      address: '127.0.0.1',
      method: 'POST',
      path: '/write?db=größe',
      status: 400,
      code: 'HPE_INVALID_URL',
    });
    expect(gateway.log.text).not.toContain('geheim');
  });

  it.each([
    ['rubbish', 'rubbish\r\n\r\n', 400, 'HPE_INVALID_METHOD'],
    [
      'a huge field',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
      431,
      'HPE_HEADER_OVERFLOW',
    ],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'HPE_UNEXPECTED_CONTENT_LENGTH',
    ],
  ])('may be none: %s', async (_name, bytes, status, code) => {
    const connection = new RawConnection(gateway.server.url);
    open.push(connection);
    connection.write(bytes);
    const answer = await connection.ended;
    expect(connection.statuses).toEqual([status]);
    expect(answer).toContain('{"error":"the request can\'t be read: ');
    expect(gateway.log.requests.at(-1)).toMatchObject({ status, code });
    expect(gateway.log.requests.at(-1)).not.toHaveProperty('path');
  });

  it('may follow an answer that ends the connection, which is then still given', async () => {
    const connection = new RawConnection(gateway.server.url);
    open.push(connection);
    const ping = `GET /kapacitor/v1/ping HTTP/1.1\r\nHost: x\r\n${ROOT}`;
    connection.write(`${ping}Connection: close\r\n\r\n${ping}\r\n`);
    await connection.ended;
    expect(connection.statuses).toEqual([200]);
  });

  it.each([
    ['http://gw/kapacitor/v1/tasks?x=1', 'gw', '/kapacitor/v1/tasks?x=1'],
    ['HTTP://GW:80/kapacitor/v1/tasks', 'gw', '/kapacitor/v1/tasks'],
    ['http://gw/kapacitor/v1/tasks', 'gw:80', '/kapacitor/v1/tasks'],
    ['https://gw:443/kapacitor/v1/tasks', 'gw', '/kapacitor/v1/tasks'],
    ['http://gw:9095/kapacitor/v1/t%61sks', 'gw:9095', '/kapacitor/v1/tasks'],
    ['http://gw', 'gw', '/'],
    ['http://gw?x=1', 'gw', '/?x=1'],
    ['/kapacitor/v1%70review/tasks', 'gw', '/kapacitor/v1preview/tasks'],
    ['/%77rite?db=%78', 'gw', '/write?db=%78'],
  ])('%s at %s is read as what it stands for', async (target, host, seen) => {
    const method = seen.startsWith('/write') ? 'POST' : 'GET';
    await expect(answerTo(`${method} ${target}`, host)).resolves.toMatch(/^HTTP\/1\.1 200 /);
    expect(gateway.upstream.seen).toMatchObject([{ method, url: seen }]);
  });

  it.each([
    ['http://other/kapacitor/v1/tasks', 'gw'],
    ['http://gw:81/kapacitor/v1/tasks', 'gw'],
    ['http://u:p@gw/kapacitor/v1/tasks', 'gw'],
    ['http:///kapacitor/v1/tasks', ''],
    ['ftp://gw/kapacitor/v1/tasks', 'gw'],
    ['http://gw/kapacitor/v1/../tasks', 'gw'],
    ['http://gw//kapacitor/v1/tasks', 'gw'],
    ['http://gw\\@other/kapacitor/v1/tasks', 'gw'],
    ['http://gw@other/kapacitor/v1/tasks', 'gw'],
    ['/kapacitor/v1/%2e%2e/tasks', 'gw'],
    ['/kapacitor%2fv1/tasks', 'gw'],
  ])('%s at %s is refused', async (target, host) => {
    await expect(answerTo(`GET ${target}`, host)).resolves.toMatch(/^HTTP\/1\.1 400 /);
    expect(gateway.upstream.seen).toEqual([]);
  });

  it.each([
    ['/kapacitor/v1%70review/users', '{"users":['],
    ['/kapacitor/v1/%75sers/%72oot', '"name":"root"'],
    ['/kapacitor/v1/who%61mi', '"name":"root"'],
    ['/he%61lth', '{"status":"pass"}'],
    ['http://gw/kapacitor/v1/whoami', '"name":"root"'],
  ])('%s is answered here, in any spelling', async (target, text) => {
    await expect(answerTo(`GET ${target}`)).resolves.toContain(text);
    expect(gateway.upstream.seen).toEqual([]);
  });
});
