import { format, inspect } from 'node:util';
import express from 'express';
import request from 'supertest';
import type { KapacitorAuthError } from '../../lib/index.js';
import { kapacitorAuth, MemoryUserStore, requireAdmin, usersApi } from '../../lib/index.js';
import { startServer } from '../../lib/server/start-server.js';
import { stuckStore } from '../faults/stuck-store.js';
import { WrittenLog } from '../server/written-log.js';
import { basic, bearer, SECRET } from '../support/open-auth.js';

/** Wherever one of these turns up, something was told that must not be. */
const PASSWORDS = ['s3cret-of-root', 's3cret-of-amy', 's3cret-new', 's3cret-wrong', 's3cret-meta'];
const tokens = [bearer('amy'), bearer('nobody'), bearer('amy', -5)].map((text) => text.slice(7));
const basics = [
  ['root', 's3cret-of-root'],
  ['amy', 's3cret-of-amy'],
  ['amy', 's3cret-wrong'],
].map(([name = '', password = '']) => basic(name, password).slice(6));
const secrets = [...PASSWORDS, SECRET, ...tokens, ...basics];
const HASHED = `$2b$10$${'a'.repeat(53)}`;
const HASH = /\$2[aby]\$\d\d\$[./A-Za-z0-9]{20}/;

/** All ways in which a value gets into a log. */
function shown(value: unknown): string {
  return [
    format('%o', value),
    format('%O', value),
    String(value),
    inspect(value, { depth: 12, showHidden: true, getters: true }),
    JSON.stringify(value),
    value instanceof Error ? `${value.message}${String(value.stack)}${inspect(value.cause)}` : '',
  ].join('\n');
}

function expectNoSecret(text: string): void {
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  expect(HASH.exec(text)).toBeNull();
}

const people = [
  { name: 'root', password: 's3cret-of-root', type: 'admin' },
  { name: 'amy', password: 's3cret-of-amy', permissions: ['api'] },
] as const;

/** All that goes right and all that goes wrong, one after the other. */
const REQUESTS: readonly (readonly [
  method: string,
  path: string,
  authorization?: string,
  body?: unknown,
])[] = [
  ['GET', '/kapacitor/v1/whoami'],
  ['GET', '/kapacitor/v1/whoami', basic('amy', 's3cret-of-amy')],
  ['GET', '/kapacitor/v1/whoami', basic('amy', 's3cret-wrong')],
  ['GET', '/kapacitor/v1/whoami', basic('nobody', 's3cret-wrong')],
  ['GET', '/kapacitor/v1/whoami', basic('~subscriber', 's3cret-wrong')],
  ['GET', '/kapacitor/v1/whoami', 'Basic s3cret-wrong'],
  ['GET', '/kapacitor/v1/whoami?u=amy&p=s3cret-of-amy'],
  ['GET', '/kapacitor/v1/whoami?u=amy&p=s3cret-wrong&p=s3cret-of-amy'],
  ['GET', '/kapacitor/v1/whoami?P=s3cret-wrong&%70=s3cret-wrong'],
  ['GET', '/kapacitor/v1/%zz?u=amy&p=s3cret-of-amy'],
  ...tokens.map((token) => ['GET', '/kapacitor/v1/whoami', `Bearer ${token}`] as const),
  ...tokens.map((token) => ['GET', '/kapacitor/v1/whoami', `Token ${token}`] as const),
  ['GET', '/kapacitor/v1/config', basic('amy', 's3cret-of-amy')],
  ['GET', '/kapacitor/v1/users', basic('root', 's3cret-of-root')],
  [
    'POST',
    '/kapacitor/v1/users',
    basic('root', 's3cret-of-root'),
    { name: 'zoe', password: 's3cret-new' },
  ],
  [
    'POST',
    '/kapacitor/v1/users',
    basic('root', 's3cret-of-root'),
    { name: 'zoe', password: 's3cret-new' },
  ],
  [
    'POST',
    '/kapacitor/v1/users',
    basic('root', 's3cret-of-root'),
    { name: 'a b', password: 's3cret-new' },
  ],
  [
    'POST',
    '/kapacitor/v1/users',
    basic('root', 's3cret-of-root'),
    { name: 'joe', PASSWORD: 's3cret-new' },
  ],
  [
    'POST',
    '/kapacitor/v1/users',
    basic('root', 's3cret-of-root'),
    { name: 'joe', password: ['s3cret-new'] },
  ],
  [
    'POST',
    '/kapacitor/v1/users',
    basic('root', 's3cret-of-root'),
    { name: 'joe', password: 's3cret-new'.repeat(9) },
  ],
  ['POST', '/kapacitor/v1/users', basic('root', 's3cret-of-root'), '{"password":"s3cret-new'],
  [
    'POST',
    '/kapacitor/v1/users',
    basic('amy', 's3cret-of-amy'),
    { name: 'joe', password: 's3cret-new', type: 'admin' },
  ],
  ['PATCH', '/kapacitor/v1/users/zoe', basic('root', 's3cret-of-root'), { password: 's3cret-new' }],
  [
    'PATCH',
    '/kapacitor/v1/users/nobody',
    basic('root', 's3cret-of-root'),
    { password: 's3cret-new' },
  ],
  ['DELETE', '/kapacitor/v1/users/root', basic('root', 's3cret-of-root')],
];

function send(
  to: string | express.Express,
  [method, path, authorization, body]: (typeof REQUESTS)[number],
) {
  const sent = request(to).get(path);
  sent.method = method;
  if (authorization !== undefined) sent.set({ authorization });
  if (body === undefined) return sent;
  return sent.send(typeof body === 'string' ? body : JSON.stringify(body));
}

const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  }
  jest.spyOn(process, 'emitWarning').mockImplementation((text) => void written.push(shown(text)));
});

afterEach(() => {
  jest.restoreAllMocks();
});

it('is found where it is told', () => {
  for (const told of [people, { hash: HASHED }, new Error(SECRET), new Map([['x', tokens[0]]])]) {
    expect(() => {
      expectNoSecret(shown(told));
    }).toThrow();
  }
});

describe('no password, token, hash or secret', () => {
  it('is in what a server logs and answers', async () => {
    const log = new WrittenLog();
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      options: {
        http: { authEnabled: true, sharedSecret: SECRET },
        auth: { enabled: true, bcryptCost: 4 },
        store: new MemoryUserStore(people),
      },
      logger: log.logger,
    });
    const answers: string[] = [];
    for (const each of REQUESTS) {
      const { text, headers, status } = await send(server.url, each);
      expect(status).toBeLessThan(500);
      answers.push(`${text}${JSON.stringify(headers)}`);
    }
    await server.stop();
    expect(log.requests).toHaveLength(REQUESTS.length);
    expectNoSecret(log.text);
    expectNoSecret(answers.join('\n'));
    expectNoSecret(written.join('\n'));
    expectNoSecret(shown(server));
  });

  it.each([
    ['is well', undefined],
    ['fails with an error that tells one', () => Promise.reject(new Error('s3cret-of-amy'))],
  ])('is in the errors, log and objects of an app whose store %s', async (_how, fault) => {
    const lines: string[] = [];
    const errors: KapacitorAuthError[] = [];
    const tell = (...parts: unknown[]) => void lines.push(parts.map(shown).join());
    const store = stuckStore(new MemoryUserStore(people), (method) =>
      method === 'open' ? undefined : fault?.(),
    );
    const auth = kapacitorAuth({
      http: { authEnabled: true, sharedSecret: SECRET },
      auth: { enabled: true, bcryptCost: 5, metaPassword: 's3cret-meta' },
      store,
      logger: { info: tell, warn: tell, error: tell },
      onError: (error, _request, response) => {
        errors.push(error);
        response.statusCode = error.status;
        response.end();
      },
    });
    const users: unknown[] = [];
    const app = express()
      .use(auth, usersApi(auth))
      .use((incoming, _response, next) => {
        users.push(incoming.user);
        next();
      }, requireAdmin());
    for (const each of REQUESTS) await send(app, each);
    await auth.close();

    expect(errors.length).toBeGreaterThan(10);
    // What a foreign error says stays its own: it is the cause of ours, for who looks for it.
    for (const { message, stack, ...others } of errors) {
      expectNoSecret(shown(others) + message + String(stack));
    }
    expectNoSecret(lines.join('\n'));
    expectNoSecret(written.join('\n'));
    for (const each of [auth, auth.config, auth.users, auth.passport, ...users]) {
      expectNoSecret(shown(each));
    }
  });
});
