import type {
  MetaStandIn,
  MetaStandInOptions,
} from '../../../fixtures/meta-stand-in/meta-stand-in.js';
import { startMetaStandIn } from '../../../fixtures/meta-stand-in/meta-stand-in.js';
import { PW_HASH as HASH } from '../../../fixtures/meta-stand-in/pw-hash.js';
import type { Logger } from '../../../lib/logger.js';
import type { MetaUserStoreOptions } from '../../../lib/stores/meta/meta-options.js';
import { MetaUserStore } from '../../../lib/stores/meta/meta-user-store.js';
import { until } from '../../support/until.js';

export { HASH };

export const USERS = [
  { name: 'k', hash: HASH, permissions: { '': ['KapacitorAPI'] } },
  { name: 'ldap', hash: '', password: 'dir pw&=é', permissions: { '': ['KapacitorAPI'] } },
];

/** Everything that was logged, one line each: `level: message`. */
export interface RecordingLogger extends Logger {
  readonly lines: string[];
}

export function recordingLogger(): RecordingLogger {
  const lines: string[] = [];
  const record = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  return { lines, info: record('info'), warn: record('warn'), error: record('error') };
}

const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(endings.splice(0).map((end) => end()));
});

/** A stand-in that ends with the test. */
export async function standIn(options: MetaStandInOptions = {}): Promise<MetaStandIn> {
  const node = await startMetaStandIn({ users: USERS, ...options });
  endings.push(() => node.stop());
  return node;
}

/** An open store over stand-ins that ends with the test. */
export async function openStore(
  nodes: readonly MetaStandIn[],
  options: Partial<MetaUserStoreOptions> = {},
): Promise<MetaUserStore> {
  const store = new MetaUserStore({
    addresses: nodes.map(({ address }) => address),
    logger: recordingLogger(),
    deadline: 10_000,
    ...options,
  });
  endings.push(() => store.close());
  await store.open();
  return store;
}

/** Paths of the requests that a stand-in saw. */
export function pathsSeenBy(node: MetaStandIn): string[] {
  return node.requests.map(({ path }) => path);
}

/** Waits until something holds. @throws Error if it is still not so after half a minute */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  await until(`this holds: ${String(holds)}`, holds);
}
