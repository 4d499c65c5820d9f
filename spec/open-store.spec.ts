import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { startMetaStandIn } from '../fixtures/meta-stand-in/meta-stand-in.js';
import type { Config } from '../lib/config/config.js';
import { loadConfig } from '../lib/config/load.js';
import { MisuseError } from '../lib/errors.js';
import { silentLogger } from '../lib/logger.js';
import { openStore } from '../lib/open-store.js';
import { FileUserStore } from '../lib/stores/file-store.js';
import { MemoryUserStore } from '../lib/stores/memory-store.js';
import { MetaUserStore } from '../lib/stores/meta/meta-user-store.js';
import { SqliteUserStore } from '../lib/stores/sqlite-store.js';
import type { UserSource } from '../lib/stores/user-store.js';
import { listeningLogger } from './support/listening-logger.js';
import { temporaryFolder } from './support/temporary-folder.js';

const folder = temporaryFolder();

const { auth, store: local } = loadConfig({ configFile: devNull });

function configWith(differences: Partial<Config>): Config {
  const { throttle, gateway, metrics, audit, cors, pages } = loadConfig({ configFile: devNull });
  return {
    http: { authEnabled: true, sharedSecret: '' },
    auth,
    store: { ...local, path: join(folder, 'users.db') },
    throttle,
    gateway,
    metrics,
    audit,
    cors,
    pages,
    realm: 'kapacitor',
    logger: silentLogger,
    userSource: undefined,
    throttleStore: undefined,
    wrapStore: undefined,
    configFile: undefined,
    leftAside: [],
    origins: {},
    ...differences,
  };
}

const given = new MemoryUserStore();
const metaAuth = { ...auth, metaAddr: ['meta1:8091', 'meta2:8091'] };
const file = { ...local, type: 'file', path: join(folder, 'users.json') } as const;

describe('openStore', () => {
  it.each([
    ['a SQLite store', configWith({}), SqliteUserStore],
    ['a file store', configWith({ store: file }), FileUserStore],
    [
      'a meta store rather than a local one',
      configWith({ auth: metaAuth, store: file }),
      MetaUserStore,
    ],
  ])('makes %s as configured, and touches nothing yet', async (_, config, kind) => {
    const { source } = openStore(config);
    expect(source).toBeInstanceOf(kind);
    expect(readdirSync(folder)).toEqual([]);
    await source.close?.();
  });

  it('returns the source given in code rather than any other', () => {
    const { source } = openStore(configWith({ userSource: given, auth: metaAuth }));
    expect(source).toBe(given);
  });

  it('returns what code puts around the store, whichever it is', async () => {
    for (const config of [configWith({}), configWith({ userSource: given })]) {
      const around = new MemoryUserStore();
      const wrapStore = jest.fn(() => around);
      expect(openStore({ ...config, wrapStore }).source).toBe(around);
      const [[inside]] = wrapStore.mock.calls as unknown as [[UserSource]];
      expect(inside).toBeInstanceOf(
        config.userSource === undefined ? SqliteUserStore : MemoryUserStore,
      );
      await inside.close?.();
    }
  });

  it('gives the counters of the store, whatever code puts around it', () => {
    const failures = jest.fn();
    const userSource = { find: () => undefined, failures };
    const config = configWith({ userSource, wrapStore: () => given });
    const throttle = { ...config.throttle, store: 'store' } as const;
    const options = { keyPrefix: 'x', points: 1, duration: 1 };
    openStore({ ...config, throttle }).counters?.(options);
    expect(failures.mock.calls).toEqual([[options]]);
    expect(openStore(config).counters).toBeUndefined();
    const throttleStore = jest.fn();
    expect(openStore({ ...config, throttle, throttleStore }).counters).toBe(throttleStore);
  });

  it('refuses what is put around the store and finds nobody', () => {
    const wrapStore = () => JSON.parse('{}') as UserSource;
    expect(() => openStore(configWith({ userSource: given, wrapStore }))).toThrow(MisuseError);
  });

  it.each([{ type: 'sqlite', path: join(folder, 'users.db') } as const, file])(
    'gives a $type store its path and the logger',
    async (store) => {
      writeFileSync(store.path, store.type === 'file' ? '{ "version": 1, "users": [] }' : '');
      chmodSync(store.path, 0o644);
      const logger = listeningLogger();
      const { source } = openStore(configWith({ store: { ...local, ...store }, logger }));
      await Promise.resolve(source.open?.()).catch(() => undefined);
      await source.close?.();
      expect(logger.lines).toEqual([
        `warn WRN_KAUTH_STORE_FILE_MODE: ${store.path} holds password hashes and is open to others: set its mode to 0600`,
      ]);
    },
  );

  it('gives a meta store its nodes and account', async () => {
    const node = await startMetaStandIn({ credentials: { username: 'kapacitor', password: 'pw' } });
    const { source } = openStore(
      configWith({
        auth: { ...auth, metaAddr: [node.address], metaUsername: 'kapacitor', metaPassword: 'pw' },
      }),
    );
    await source.open?.();
    await expect(source.find('amy')).resolves.toBeUndefined();
    await source.close?.();
    await node.stop();
  });
});
