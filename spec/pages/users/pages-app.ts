import { hashSync } from 'bcrypt';
import type { Response } from 'supertest';
import type { KapacitorAuth, KapacitorAuthOptions, UserSource } from '../../../lib/index.js';
import { kapacitorAuth, MemoryUserStore } from '../../../lib/index.js';
import type { MemoryUser } from '../../../lib/stores/memory-store.js';
import type { FormFields } from '../../support/pages-client.js';
import { loggedIn } from '../../support/pages-client.js';

const hash = hashSync('pw', 4);

/** Users of several strengths; all have the password `pw`. */
export const USERS: readonly MemoryUser[] = [
  { name: 'root', hash, type: 'admin' },
  { name: 'ops', hash, type: 'admin' },
  { name: 'manager', hash, permissions: ['api'] },
  { name: 'reader', hash, grants: ['read:users'] },
  { name: 'writer', hash, permissions: ['write_points'] },
  { name: 'amy', hash, permissions: ['api'] },
  { name: 'bob', hash, disabled: true },
  { name: 'zoë', hash, grants: ['write:database/telegraf'] },
];

const opened: KapacitorAuth[] = [];

/** A browser that shows pages, without scripts. */
export interface Browser {
  readonly auth: KapacitorAuth;
  /** Opens a page. */
  readonly open: (path: string) => Promise<Shown>;
  /** Sends a form. */
  readonly submit: (path: string, form: FormFields) => Promise<Shown>;
}

/** The answer that a browser got. */
export interface Shown {
  readonly status: number;
  readonly text: string;
  /** The place to which the browser is sent on, if it is. */
  readonly to: string | undefined;
}

export async function closePages(): Promise<void> {
  await Promise.all(opened.splice(0).map((auth) => auth.close()));
}

/** Pages over a store. */
export function pagesOver(
  store: UserSource = new MemoryUserStore(USERS),
  options: KapacitorAuthOptions = {},
): KapacitorAuth {
  const auth = kapacitorAuth({
    http: { authEnabled: true },
    auth: { enabled: true, bcryptCost: 4 },
    store,
    ...options,
  });
  opened.push(auth);
  return auth;
}

/** Logs a user in. */
export async function browse(name: string, auth: KapacitorAuth = pagesOver()): Promise<Browser> {
  const client = await loggedIn(auth, name, 'pw');
  return {
    auth,
    submit: async (path, form) => shown(await client.post(path, form)),
    open: async (path) => shown(await client.get(path)),
  };
}

function shown({ status, text, headers }: Response): Shown {
  return { status, text, to: headers.location };
}

/** The value of the hidden field that a form of rights was made from. */
export function markIn({ text }: Shown): string {
  return /name="was"\s+value="([^"]+)"/.exec(text)?.[1] ?? '';
}

/** The texts that stand at a field as its problem. */
export function problemAt({ text }: Shown, field: string): string {
  const found = new RegExp(`id="${field}(?:-\\w+)?-problem">([^<]*)<`).exec(text);
  return found?.[1] ?? '';
}
