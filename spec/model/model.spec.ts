import { join } from 'node:path';
import type {
  KapacitorAuth,
  KapacitorAuthOptions,
  UserSource,
  UserStore,
} from '../../lib/index.js';
import { FileUserStore, MemoryUserStore, SqliteUserStore } from '../../lib/index.js';
import { listeningLogger } from '../support/listening-logger.js';
import { openAuth, SECRET } from '../support/open-auth.js';
import { generatedRuns, seed, tally } from '../support/runs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import type { State } from './history.js';
import type { Account, Judge, Run, Subject } from './model.js';
import { runModel } from './model.js';

const folder = temporaryFolder();
const { numRuns: REQUESTS, milliseconds: MILLISECONDS } = generatedRuns(2_500);
/** The time after which one process sees what another did to the same database or file, in milliseconds. */
const SOON = 1_000;

function open(store: UserSource, options: KapacitorAuthOptions = {}): KapacitorAuth {
  return openAuth({
    store,
    http: { authEnabled: true, sharedSecret: SECRET },
    // Attempts are shared and wait in it, but none is one too many.
    throttle: { failuresPerUser: 1_000_000, failuresPerAddress: 1_000_000 },
    logger: listeningLogger(),
    ...options,
  });
}

const strict = (auth: KapacitorAuth): Judge => ({ auth, patience: 0, impatience: 0 });

/** Changes users through one instance. */
const changing =
  ({ users }: KapacitorAuth): Subject['change'] =>
  async (name, before, after) => {
    if (users === undefined) throw new Error('no users');
    if (after === undefined) return users.delete(name);
    if (before === undefined) return users.create({ name, ...after });
    return users.update(name, after);
  };

async function withAdmin(auth: KapacitorAuth): Promise<KapacitorAuth> {
  await auth.users?.create({ name: 'root', password: 'root-pw', type: 'admin' });
  return auth;
}

async function local(store: UserStore, options?: KapacitorAuthOptions): Promise<Subject> {
  const auth = await withAdmin(open(store, options));
  return { change: changing(auth), judges: [strict(auth)], hasTypes: true };
}

async function sqliteOfTwo(): Promise<Subject> {
  const path = join(folder, 'two.db');
  const [one, other] = [open(new SqliteUserStore(path)), open(new SqliteUserStore(path))];
  await withAdmin(one);
  await other.ready();
  const judges = [strict(one), { auth: other, patience: SOON, impatience: SOON }];
  return { change: changing(one), judges, hasTypes: true };
}

/** A directory that verifies passwords itself, some milliseconds away. */
function directory({ tells, keep }: { readonly tells: boolean; readonly keep: number }): Subject {
  const accounts = new Map<string, Account>();
  let tell: (name?: string) => void = () => undefined;
  const later = async <T>(look: () => T): Promise<T> => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    const found = look();
    await new Promise((resolve) => setTimeout(resolve, 1));
    return found;
  };
  const source: UserSource = {
    mayBeStale: !tells,
    find: (name) =>
      later(() => {
        const found = accounts.get(name);
        return found && { name, type: found.type, permissions: [], hash: '' };
      }),
    verify: (name, password) => later(() => accounts.get(name)?.password === password),
    ...(tells && {
      watch: (listener: (name?: string) => void) => {
        tell = listener;
        return () => undefined;
      },
    }),
  };
  const change = (name: string, _before: State<Account>, after: State<Account>): Promise<void> => {
    if (after === undefined) accounts.delete(name);
    else accounts.set(name, after);
    tell(name);
    return Promise.resolve();
  };
  const cacheExpiration = `${String(keep)}ms`;
  const auth = open(source, { auth: { bcryptCost: 4, cacheExpiration } });
  return { change, judges: [{ auth, patience: tells ? 0 : keep, impatience: 0 }], hasTypes: false };
}

const subjects: readonly (readonly [string, () => Subject | Promise<Subject>])[] = [
  ['memory', () => local(new MemoryUserStore(), { auth: { bcryptCost: 5 } })],
  [
    'memory, and nothing cached',
    () => local(new MemoryUserStore(), { auth: { bcryptCost: 4, cacheExpiration: '0s' } }),
  ],
  ['a file', () => local(new FileUserStore(join(folder, 'users.json')))],
  ['SQLite', () => local(new SqliteUserStore(join(folder, 'one.db')))],
  ['SQLite, also by another instance', sqliteOfTwo],
  ['a directory that tells of changes', () => directory({ tells: true, keep: 600_000 })],
  ['a directory that tells of nothing', () => directory({ tells: false, keep: 60 })],
  ['a directory, and nothing cached', () => directory({ tells: false, keep: 0 })],
];

const count = ({ requests, changes }: Run): void => {
  tally('requests held against the model', requests);
  tally('changes meanwhile', changes);
};

describe('a request that begins after a change was acknowledged', () => {
  it.each(subjects)('is judged by it: users in %s', async (_name, make) => {
    const run = await runModel(await make(), {
      seed,
      requests: REQUESTS,
      milliseconds: MILLISECONDS,
    });
    count(run);
    expect(run.faults).toEqual([]);
  });
});
