import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { KapacitorAuthOptions } from '../../../lib/index.js';
import { kapacitorAuth, SqliteUserStore } from '../../../lib/index.js';
import { startServer } from '../../../lib/server/start-server.js';
import { WrittenLog } from '../../server/written-log.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A running server whose pages are open to browsers. */
export interface ServedPages {
  /** Without a slash at its end. */
  readonly url: string;
  /** The file of its users. */
  readonly file: string;
}

/** Servers of a file of specs; they end after the tests. */
export interface Serving {
  /** @param file - the users; a new file with `root` and `amy` if left out */
  serve(options?: KapacitorAuthOptions, file?: string): Promise<ServedPages>;
}

/** The password of both users. */
export const PASSWORD = 'a first password';

const SECRET = 'a secret that several servers share, of many bytes';

/** Opens servers of users in SQLite, as `serve` does. */
export function serving(): Serving {
  const folder = temporaryFolder();
  const stops: (() => Promise<unknown>)[] = [];
  let number = 0;
  afterAll(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  });
  return {
    serve: async (options = {}, given) => {
      number += 1;
      const file = given ?? join(folder, `users-${String(number)}.db`);
      if (given === undefined) await addUsers(file);
      const store = new SqliteUserStore(file);
      const { logger } = new WrittenLog();
      const all: KapacitorAuthOptions = {
        ...{ configFile: false, store, auth: { bcryptCost: 4 } },
        http: { sharedSecret: SECRET },
        ...options,
      };
      const { url, stop } = await startServer({
        ...{ host: '127.0.0.1', port: 0, options: all, logger },
      });
      stops.push(stop);
      return { url, file };
    },
  };
}

async function addUsers(file: string): Promise<void> {
  const store = new SqliteUserStore(file);
  const auth = kapacitorAuth({ configFile: false, store, auth: { bcryptCost: 4 } });
  await auth.users?.create({ name: 'root', password: PASSWORD, type: 'admin' });
  await auth.users?.create({ name: 'amy', password: PASSWORD, grants: ['read:users'] });
  await auth.close();
}

/** Logs in by the form. */
export async function logIn(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/admin/login`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** Chooses a button that sends a form, and waits for the page that answers. */
export async function send(page: Page, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
}
