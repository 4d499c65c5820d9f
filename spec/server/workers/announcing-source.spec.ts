import type { UserSource, UserStore } from '../../../lib/index.js';
import { MemoryUserStore, StoreUnavailableError } from '../../../lib/index.js';
import { AnnouncingSource } from '../../../lib/server/workers/announcing-source.js';
import { isUserStore } from '../../../lib/stores/user-store.js';

const AMY = {
  name: 'amy',
  type: 'normal',
  hash: '$2b$04$abcdefghijklmnopqrstuuJ8m0o0o0o0o0o0o0o0o0o0o0o0o0o0O',
  permissions: ['api'],
} as const;
const DIGEST = 'a'.repeat(64);

function asStore(source: UserSource): UserStore {
  if (!isUserStore(source)) throw new Error('it can be changed');
  return source;
}

async function opened(announce: (name: string | undefined) => Promise<void>) {
  const announcing = new AnnouncingSource(new MemoryUserStore(), announce);
  const store = asStore(announcing.source);
  await store.open?.();
  return { announcing, store };
}

describe('a source whose changes are announced', () => {
  it('announces each change before it is acknowledged, by the name that changed', async () => {
    const order: (string | undefined)[] = [];
    const { store } = await opened(async (name) => {
      await new Promise(setImmediate);
      order.push(name);
    });
    const done = async (change: unknown): Promise<void> => {
      await change;
      order.push('acknowledged');
    };
    await done(store.create(AMY));
    await done(store.update('amy', { permissions: [] }));
    await done(store.putAll?.([{ user: { ...AMY, name: 'ben' } }]));
    await done(store.delete('amy'));
    const subscription = {
      digest: DIGEST,
      cluster: 'c',
      database: 'd',
      created: new Date(0).toISOString(),
    };
    await done(store.subscriptions?.put(subscription));
    await done(store.subscriptions?.delete(DIGEST));
    expect(order.filter((_, index) => index % 2 === 0)).toEqual([
      ...['amy', 'amy', undefined, 'amy'],
      ...[undefined, undefined],
    ]);
    expect(order.filter((_, index) => index % 2 === 1)).toEqual(
      order.slice(0, 6).map(() => 'acknowledged'),
    );
  });

  it('does not announce what changed nothing, and announces what may have been made', async () => {
    const announce = jest.fn(() => Promise.resolve());
    const { store } = await opened(announce);
    await expect(store.delete('nobody')).resolves.toBe(false);
    expect(announce).not.toHaveBeenCalled();
    await expect(store.update('nobody', {})).rejects.toMatchObject({
      code: 'ERR_KAUTH_USER_NOT_FOUND',
    });
    expect(announce).toHaveBeenCalledWith('nobody');
  });

  it('does not acknowledge a change that others may not know', async () => {
    const { store } = await opened(() => Promise.reject(new StoreUnavailableError('unknown')));
    await expect(store.create(AMY)).rejects.toThrow('unknown');
  });

  it('tells its listeners of changes by others at once, and answers after it has looked', async () => {
    const order: unknown[] = [];
    const looks: (() => void)[] = [];
    const inner = Object.assign(new MemoryUserStore(), {
      catchUp: () => new Promise<void>((resolve) => looks.push(resolve)),
    });
    const announcing = new AnnouncingSource(inner, () => Promise.resolve());
    const store = asStore(announcing.source);
    await store.open?.();
    announcing.source.watch?.((name) => order.push(`told ${String(name)}`));
    const ask = async (what: string, answer: unknown): Promise<void> => {
      await answer;
      order.push(what);
    };
    announcing.forget('amy');
    announcing.forget(undefined);
    const answers = [
      ask('found', store.find('amy')),
      ask('listed', store.list()),
      ask('subscription found', store.subscriptions?.find(DIGEST)),
      ask('subscriptions listed', store.subscriptions?.list()),
    ];
    for (const look of looks) {
      await new Promise(setImmediate);
      order.push('looked');
      look();
    }
    await Promise.all(answers);
    expect(order.slice(0, 4)).toEqual(['told amy', 'told undefined', 'looked', 'looked']);
    expect(order.slice(4).sort()).toEqual([
      'found',
      'listed',
      'subscription found',
      'subscriptions listed',
    ]);
    await ask('found at once', store.find('amy'));
  });

  it('tells its listeners for as long as they listen', () => {
    const order: unknown[] = [];
    const inner = Object.assign(new MemoryUserStore(), {
      catchUp: (options: unknown) => {
        order.push(options);
      },
    });
    const announcing = new AnnouncingSource(inner, () => Promise.resolve());
    const stop = announcing.source.watch?.((name) => order.push(name ?? 'anybody'));
    announcing.forget('amy');
    announcing.forget(undefined);
    stop?.();
    announcing.forget('amy');
    const now = { now: true };
    expect(order).toEqual([now, 'amy', now, 'anybody', now]);
  });

  it('forgets everybody if it can not look', async () => {
    const failing = { catchUp: () => Promise.reject(new Error('no disk')) };
    const announcing = new AnnouncingSource(Object.assign(new MemoryUserStore(), failing), () =>
      Promise.resolve(),
    );
    const told: unknown[] = [];
    announcing.source.watch?.((name) => told.push(name));
    await announcing.source.open?.();
    announcing.forget('amy');
    await announcing.source.find('amy');
    expect(told).toEqual(['amy', undefined]);
    const broken = Object.assign(new MemoryUserStore(), {
      catchUp: () => {
        throw new Error('no disk');
      },
    });
    const other = new AnnouncingSource(broken, () => Promise.resolve());
    other.source.watch?.((name) => told.push(name));
    other.forget('amy');
    expect(told).toEqual(['amy', undefined, undefined]);
  });

  it('leaves a source as it is that can not be changed', () => {
    const source = { find: () => undefined };
    expect(new AnnouncingSource(source, () => Promise.resolve()).source).toBe(source);
  });
});
