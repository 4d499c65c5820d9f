import type { ContractCase } from 'kapacitor-auth/store-contract';
import { userSourceContract, userStoreContract } from 'kapacitor-auth/store-contract';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';
import type { LinkDefects } from '../support/linked-memory.js';
import { LinkedMemory } from '../support/linked-memory.js';

const DOUBT =
  'is fresh no longer two seconds after its link was cut, and answers rightly or not at all';
const FORGET = 'has told that any user may have changed before it is fresh again';
const MEANWHILE = 'knows a change that another connection made while its link was cut';
const AGAIN = 'misses no change that another connection makes while it connects again';

/** Each defect, with the case that finds it. */
const DEFECTS: readonly (readonly [defect: LinkDefects, found: string])[] = [
  [{ neverDoubts: true }, DOUBT],
  [{ proof: 5000 }, DOUBT],
  [{ findsNobody: true }, DOUBT],
  [{ tellsNothing: true }, FORGET],
  [{ tellsLate: true }, FORGET],
  [{ tellsNothing: true }, MEANWHILE],
  [{ listensLate: true }, AGAIN],
];

const CLAIMED = { watchable: false, durable: false };

function casesOf(defects: LinkDefects = {}): readonly ContractCase[] {
  const memory = new LinkedMemory(defects);
  return userStoreContract((place) => memory.open(place).store, {
    ...CLAIMED,
    openLinked: (place) => memory.open(place),
  });
}

function caseOf(cases: readonly ContractCase[], name: string): ContractCase {
  const found = cases.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}

/** Lets the patience of the cases end sooner. */
function hurry(): void {
  const now = Date.now.bind(Date);
  let passed = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + (passed += 50));
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('the cases of userStoreContract for a store behind a link', () => {
  it('are there for a store with a link alone', () => {
    const plain = userStoreContract(() => new MemoryUserStore(), CLAIMED).map(({ name }) => name);
    const linked = casesOf().map(({ name }) => name);
    expect(linked.filter((name) => !plain.includes(name))).toEqual([
      DOUBT,
      FORGET,
      MEANWHILE,
      AGAIN,
    ]);
  });

  it.each([DOUBT, FORGET, MEANWHILE, AGAIN])('are content with a sound one: %s', async (name) => {
    await caseOf(casesOf(), name).run();
  });

  it.each(DEFECTS)('find a store out with %j: %s', async (defect, name) => {
    hurry();
    await expect(caseOf(casesOf(defect), name).run()).rejects.toThrow();
  });

  it('release the store and its link, whatever came of it', async () => {
    const released: string[] = [];
    const memory = new LinkedMemory({ neverDoubts: true });
    const cases = userStoreContract((place) => memory.open(place).store, {
      openLinked: (place) => {
        const linked = memory.open(place);
        const closeStore = linked.store.close?.bind(linked.store);
        const close = async () => {
          await closeStore?.();
          released.push('store');
        };
        const store = Object.defineProperty(linked.store, 'close', { value: close });
        return { ...linked, store, end: () => void released.push('link') };
      },
    });
    await expect(caseOf(cases, DOUBT).run()).rejects.toThrow();
    expect(released).toEqual(['store', 'link']);
  });
});

describe('the cases of userSourceContract for a source behind a link', () => {
  const user = {
    name: 'amy',
    type: 'normal',
    hash: `$2b$04$${'a'.repeat(53)}`,
    permissions: [],
  } as const;
  const open = async (defects: LinkDefects) => {
    const linked = new LinkedMemory(defects).open('here');
    await linked.store.open?.();
    await linked.store.create(user);
    return linked;
  };
  const sourceCases = (defects: LinkDefects = {}) =>
    userSourceContract(() => new MemoryUserStore(), [user], { openLinked: () => open(defects) });

  it.each([DOUBT, FORGET])('are content with a sound one: %s', async (name) => {
    await caseOf(sourceCases(), name).run();
  });

  it.each(DEFECTS.filter(([, name]) => [DOUBT, FORGET].includes(name)))(
    'find a source out with %j: %s',
    async (defect, name) => {
      hurry();
      await expect(caseOf(sourceCases(defect), name).run()).rejects.toThrow();
    },
  );
});

describe('what userStoreContract expects of watch', () => {
  const TELLS = 'tells its listeners of the changes that another connection makes';
  const telling = (within: number | undefined, late: number) => {
    const memory = new LinkedMemory();
    const cases = userStoreContract(
      (place) => {
        const { store } = memory.open(place);
        const watch = store.watch?.bind(store);
        Object.defineProperty(store, 'watch', {
          value: (listener: (name?: string) => void) =>
            watch?.(
              (name) =>
                void setTimeout(() => {
                  listener(name);
                }, late),
            ),
        });
        return store;
      },
      { ...CLAIMED, ...(within !== undefined && { within }) },
    );
    return caseOf(cases, TELLS).run();
  };

  it('is that it tells of a change by another connection within a second', async () => {
    await telling(undefined, 300);
    await expect(telling(undefined, 1100)).rejects.toThrow('not within 1000 ms');
  });

  it('is that it does so sooner, if so claimed', async () => {
    await expect(telling(100, 300)).rejects.toThrow('not within 100 ms');
  });
});
