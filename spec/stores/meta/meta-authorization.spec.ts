import { MetaStandIn } from '../../../fixtures/meta-stand-in/meta-stand-in.js';
import recording from '../../../fixtures/reference/meta-authorization.json';
import { KapacitorAuthError } from '../../../lib/errors.js';
import { judgeApiRequest } from '../../../lib/privileges/judge.js';
import type { KapacitorUser } from '../../../lib/privileges/user.js';
import { resolveUser } from '../../../lib/privileges/user.js';
import { MetaUserStore } from '../../../lib/stores/meta/meta-user-store.js';

const DECISIONS: Readonly<Record<string, string>> = {
  ERR_KAUTH_FORBIDDEN: 'forbidden',
  ERR_KAUTH_FORBIDDEN_DATABASE: 'forbidden-database',
};

/** Differences from the recording, by design.md's numbers; each must apply to something. */
const OVERRIDES = [
  {
    deviation: 15,
    applies: ({ method, user }: { method: string; user: string }) =>
      method === 'HEAD' && ['none', 'other', 'noperm'].includes(user),
    decision: 'forbidden',
    error: (user: string) =>
      `user ${user} does not have "read" privilege for API endpoint "/kapacitor/v1/ping"`,
  },
];

/** The outcome of a request, and the reason. */
function judge(user: KapacitorUser, method: string, path: string): [string, string | null] {
  try {
    judgeApiRequest(user, method, path);
    return ['allowed', null];
  } catch (error) {
    if (!(error instanceof KapacitorAuthError)) throw error;
    const decision = DECISIONS[error.code] ?? error.code;
    // Kapacitor says nothing about databases.
    return [decision, decision === 'forbidden' ? error.message : null];
  }
}

describe('A meta user may do what the recording says', () => {
  const node = new MetaStandIn({ users: Object.values(recording.metaUsers) });
  let store: MetaUserStore;
  beforeAll(async () => {
    await node.start();
    store = new MetaUserStore({ addresses: [node.address] });
    await store.open();
  });
  afterAll(() => Promise.all([store.close(), node.stop()]));

  const used = new Set<number>();
  it.each(recording.cases)('$user: $method $path', async ({ user, method, path, ...recorded }) => {
    const found = await store.find(user);
    if (found === undefined) throw new Error(`the stand-in has no user ${user}`);
    const override = OVERRIDES.find(({ applies }) => applies({ method, user }));
    if (override !== undefined) used.add(override.deviation);
    const expected = override
      ? [override.decision, override.error(user)]
      : [recorded.decision, recorded.error];
    expect(judge(resolveUser(found, 'meta'), method, path)).toEqual(expected);
  });

  it('except where we differ on purpose, and we do', () => {
    expect([...used]).toEqual(OVERRIDES.map(({ deviation }) => deviation));
  });
});
