import assert from 'node:assert/strict';
import type { ListOptions } from '../stores/list-options.js';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';
import { expectCode, expectUser } from './expect.js';
import { normal } from './sample-users.js';

/** In the order of their UTF-8 bytes, which is neither that of UTF-16 nor of any language. */
const NAMES = ['-', '0', 'B', '_', 'a', 'a.b', 'ab', 'abc', 'b', 'é', 'ﾱ', '𝐀'] as const;

const LISTS: readonly (readonly [options: ListOptions | undefined, names: readonly string[]])[] = [
  [undefined, NAMES],
  [{}, NAMES],
  [{ pattern: '', offset: 0 }, NAMES],
  [{ pattern: '*' }, NAMES],
  [{ pattern: 'a*' }, ['a', 'a.b', 'ab', 'abc']],
  [{ pattern: '*b*' }, ['a.b', 'ab', 'abc', 'b']],
  [{ pattern: 'a?' }, ['ab']],
  [{ pattern: '?' }, ['-', '0', 'B', '_', 'a', 'b', 'é', 'ﾱ', '𝐀']],
  [{ pattern: '[a-b]' }, ['a', 'b']],
  [{ pattern: '[^a-b0-9]' }, ['-', 'B', '_', 'é', 'ﾱ', '𝐀']],
  [{ pattern: '\\_' }, ['_']],
  [{ pattern: 'a%' }, []],
  [{ pattern: 'ab' }, ['ab']],
  [{ limit: 2 }, ['-', '0']],
  [{ offset: 9 }, ['é', 'ﾱ', '𝐀']],
  [{ offset: 4, limit: 2 }, ['a', 'a.b']],
  [{ offset: 100 }, []],
  [{ limit: 0 }, []],
  [{ limit: 100 }, NAMES],
  [{ pattern: 'a*', offset: 1, limit: 2 }, ['a.b', 'ab']],
];

/** Lists that go on behind a name. */
const FURTHER: typeof LISTS = [
  [{ after: 'abc' }, ['b', 'é', 'ﾱ', '𝐀']],
  [{ after: 'aa', limit: 2 }, ['ab', 'abc']],
  [{ after: 'a', offset: 1, limit: 2 }, ['ab', 'abc']],
  [{ after: 'ﾱ' }, ['𝐀']],
  [{ after: '𝐀' }, []],
  [{ after: '' }, NAMES],
  [{ pattern: 'a*', after: 'a.b' }, ['ab', 'abc']],
  [{ pattern: 'a*', after: 'B' }, ['a', 'a.b', 'ab', 'abc']],
  [{ pattern: 'a*', after: 'b' }, []],
];

export const LISTING: Clauses<UserStore> = {
  'lists users by pattern, offset and limit in the order of the UTF-8 bytes of their names': async (
    store,
  ) => {
    await createAll(store);
    await expectLists(store, LISTS);
    expectUser((await store.list())[0], normal('-'));
  },
  'lists the users whose names come after one, whether it is there or not': async (store) => {
    await createAll(store);
    await expectLists(store, FURTHER);
  },
  'refuses a malformed pattern, with and without users': async (store) => {
    const patterns = ['[', '[]', '[^', '[a-', '[-a]', 'a[', '\\'];
    const refuseAll = async (): Promise<void> => {
      for (const pattern of patterns) {
        await expectCode('ERR_KAUTH_INVALID_REQUEST', () => store.list({ pattern }));
      }
    };
    await refuseAll();
    await store.create(normal('amy'));
    await refuseAll();
  },
};

async function createAll(store: UserStore): Promise<void> {
  for (const name of NAMES.toReversed()) await store.create(normal(name));
}

async function expectLists(store: UserStore, lists: typeof LISTS): Promise<void> {
  for (const [options, names] of lists) {
    const listed = await store.list(options);
    assert.deepEqual(
      listed.map(({ name }) => name),
      names,
      JSON.stringify(options),
    );
  }
}
