import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import type { KapacitorAuth, KapacitorAuthOptions } from '../../lib/index.js';
import { kapacitorAuth, MemoryUserStore } from '../../lib/index.js';
import { look } from './leaks.js';

/** A shared secret that nobody warns of. */
export const SECRET = 'a shared secret of more than 32 bytes';

/** The users of {@link openAuth}. */
export const people = [
  { name: 'root', password: 'root-pw', type: 'admin' },
  { name: 'amy', password: 'amy-pw', permissions: ['api'] },
] as const;

/** The Authorization header of a name and a password. */
export function basic(name: string, password: string): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** The Authorization header of a token for a user that is good for some seconds. */
export function bearer(username: string, seconds = 3600): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + seconds;
  const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ username, exp })}`;
  return `Bearer ${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
}

const opened: KapacitorAuth[] = [];

/** The middleware over {@link people} in memory; closed after the test. */
export function openAuth(options: KapacitorAuthOptions = {}): KapacitorAuth {
  const auth = kapacitorAuth({
    http: { authEnabled: true },
    auth: { enabled: true, bcryptCost: 4 },
    store: new MemoryUserStore(people),
    ...options,
  });
  opened.push(auth);
  return auth;
}

afterEach(async () => {
  for (const auth of opened) {
    const { config, users, subscriptions, passport } = auth;
    look('the middleware', inspect(auth, { depth: 9 }));
    look(
      'what the middleware is made of',
      JSON.stringify([config, users, subscriptions, passport]),
    );
  }
  await Promise.all(opened.splice(0).map((auth) => auth.close()));
});
