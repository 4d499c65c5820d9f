import type { ClientRequest } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hashSync } from 'bcrypt';
import type express from 'express';
import type { ErrorRequestHandler, Express } from 'express';
import request from 'supertest';
import type {
  KapacitorAuth,
  KapacitorAuthOptions,
  OnError,
  UserSource,
} from '../../../lib/index.js';
import { kapacitorAuth, MemoryUserStore, usersApi } from '../../../lib/index.js';
import type { MemoryUser } from '../../../lib/stores/memory-store.js';

/** Options of an app with the users API. */
export interface UsersAppOptions {
  readonly express: typeof express;
  readonly store?: UserSource;
  readonly onError?: OnError;
  readonly throttle?: KapacitorAuthOptions['throttle'];
  readonly http?: KapacitorAuthOptions['http'];
  /** Comes before the users API. */
  readonly before?: (app: Express, auth: KapacitorAuth) => void;
}

/** An app with the users API, and nothing else that answers. */
export interface UsersApp {
  readonly app: Express;
  readonly auth: KapacitorAuth;
}

/** The place of the users API. */
export const V1 = '/kapacitor/v1/users';

const hash = hashSync('pw', 4);

/** Users of every strength; all have the password `pw`. */
export const USERS: readonly MemoryUser[] = [
  { name: 'root', hash, type: 'admin' },
  { name: 'ops', hash, type: 'admin' },
  { name: 'all', hash, permissions: ['all'] },
  { name: 'apiwrite', hash, permissions: ['api', 'write_points'] },
  { name: 'api', hash, permissions: ['api'] },
  { name: 'peer', hash, permissions: ['api'] },
  { name: 'config', hash, permissions: ['config_api'] },
  { name: 'writer', hash, permissions: ['write_points'] },
  { name: 'none', hash },
];

/** A normal user as the API shows one, with what else it shows of the user. */
export function shownUser(name: string, more: object = {}) {
  return {
    link: { rel: 'self', href: `${V1}/${name}` },
    name,
    type: 'normal',
    permissions: [],
    ...more,
  };
}

/** Some users beside {@link USERS}, with the same password. */
export function storeWith(...more: readonly MemoryUser[]): MemoryUserStore {
  return new MemoryUserStore([...USERS, ...more.map((user) => ({ hash, ...user }))]);
}

const made: KapacitorAuth[] = [];

/** Makes an app with the users API; {@link closeUsersApps} closes its store. */
export function usersApp({
  express,
  store = new MemoryUserStore(USERS),
  onError,
  throttle,
  http,
  before,
}: UsersAppOptions): UsersApp {
  const auth = kapacitorAuth({
    http: { authEnabled: true, ...http },
    auth: { enabled: true, bcryptCost: 4 },
    store,
    onError,
    throttle,
  });
  made.push(auth);
  const app = express();
  before?.(app, auth);
  app.use(usersApi(auth));
  return { app, auth };
}

export async function closeUsersApps(): Promise<void> {
  await Promise.all(made.splice(0).map((auth) => auth.close()));
}

/** Collects the errors that come to the error handler of an app. */
export function errorsOf(app: Express): readonly unknown[] {
  const errors: unknown[] = [];
  const handler: ErrorRequestHandler = (error, _request, response, _next) => {
    errors.push(error);
    response.status(500).end();
  };
  app.use(handler);
  return errors;
}

/** An answer, as far as the users API decides it. */
export interface Answer {
  readonly status: number;
  /** Null where there is none. */
  readonly body: unknown;
}

/** Sends a request as one of {@link USERS}; a body that is no string is sent as JSON. */
export async function send(
  app: Express,
  [method, path, body]: readonly [method: string, path: string, body?: unknown],
  { user = 'root', password = 'pw' }: { readonly user?: string; readonly password?: string } = {},
): Promise<Answer> {
  const sent = request(app).get(path).auth(user, password);
  sent.method = method;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await (body === undefined ? sent : sent.send(text).unset('Content-Type'));
  return { status: answer.status, body: answer.text ? (answer.body as unknown) : null };
}

/** An error in Kapacitor's shape. */
export function failure(status: number, error: string): Answer {
  return { status, body: { error, message: error } };
}

/** Sends a POST to all users as it is written, without a length, and resolves with the answer. */
export function postRaw(
  app: Express,
  write: (sent: ClientRequest) => unknown,
  user = 'root',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const server = app.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const sent = httpRequest({ port, path: V1, method: 'POST', auth: `${user}:pw` });
      const finish = (settle: () => void) => {
        sent.destroy();
        server.close(settle);
      };
      sent.on('error', (error) => {
        finish(() => {
          reject(error);
        });
      });
      sent.on('response', (response) => {
        response.setEncoding('utf8').once('data', (text: string) => {
          finish(() => {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown });
          });
        });
      });
      Promise.resolve(write(sent)).catch(reject);
    });
  });
}
