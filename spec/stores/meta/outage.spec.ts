import { StoreUnavailableError } from '../../../lib/errors.js';
import { eventually, openStore, recordingLogger, standIn } from './stand-ins.js';

describe('A meta node', () => {
  it.each(['status 500', 'status 502', 'status 503', 'closed without an answer', 'HTML'] as const)(
    'that answers by "%s" once is asked again',
    async (misbehaviour) => {
      const node = await standIn();
      node.misbehave(misbehaviour, { times: 1 });
      const store = await openStore([node]);
      expect(await store.find('k')).toMatchObject({ name: 'k' });
      expect(node.requests.map(({ path }) => path)).toEqual([
        '/user?name=k',
        '/user?name=k',
        '/role',
      ]);
    },
  );

  it('that refuses connections makes the store unavailable, and is used once it is back', async () => {
    const logger = recordingLogger();
    const nodes = await Promise.all([standIn(), standIn()]);
    const store = await openStore(nodes, { logger });
    await Promise.all(nodes.map((node) => node.stop()));
    for (const { address } of nodes) {
      await expect(store.find('k')).rejects.toThrow(`${address}: connect ECONNREFUSED`);
    }
    expect(logger.lines).toEqual(
      nodes.map(({ address }) => {
        return `error: meta node ${address} is down: connect ECONNREFUSED ${address}`;
      }),
    );
    await Promise.all(nodes.map((node) => node.start()));
    await eventually(() => Promise.resolve(store.find('k')).then(Boolean, () => false));
    expect(await store.find('ghost')).toBeUndefined();
    expect(logger.lines.slice(2)).toEqual([expect.stringMatching(/^info: .* answers again$/)]);
  });

  it('that answers, if only oddly, is not down any more', async () => {
    const logger = recordingLogger();
    const node = await standIn();
    node.misbehave('status 503', { times: 4 });
    const store = await openStore([node], { logger });
    await expect(store.find('ldap')).rejects.toThrow('it answers with status 503');
    await expect(store.find('k')).rejects.toThrow('it answers with status 503');
    node.misbehave('another user');
    await eventually(() => {
      return Promise.resolve(store.find('k')).then(Boolean, (error: unknown) => {
        return String(error).includes('another user');
      });
    });
    expect(logger.lines).toEqual([
      `error: meta node ${node.address} is down: it answers with status 503`,
      `info: meta node ${node.address} answers again`,
    ]);
  });

  it('that is down is asked once a second, however many ask us', async () => {
    const node = await standIn();
    node.misbehave('status 503');
    const store = await openStore([node]);
    const names = Array.from({ length: 300 }, (_, index) => `user${String(index)}`);
    await expect(store.find('first')).rejects.toThrow(StoreUnavailableError);
    await expect(store.find('second')).rejects.toThrow(StoreUnavailableError);
    const before = node.requests.length;
    const outcomes = await Promise.allSettled(names.map(async (name) => store.find(name)));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(node.requests.length - before).toBeLessThan(10);
  });

  it('that answers oddly about one user is not held to be down', async () => {
    const logger = recordingLogger();
    const node = await standIn();
    const store = await openStore([node], { logger });
    for (let i = 0; i < 3; i += 1) {
      node.misbehave('another user');
      await expect(store.find(`odd${String(i)}`)).rejects.toThrow(StoreUnavailableError);
      node.behave();
      expect(await store.find('k')).toBeDefined();
    }
    expect(logger.lines).toEqual([]);
  });

  it('that flaps lets nobody in but its users', async () => {
    const nodes = await Promise.all([standIn(), standIn()]);
    const store = await openStore(nodes);
    const flapping = setInterval(() => {
      for (const node of nodes) {
        node.behave();
        if (Math.random() < 0.5) node.misbehave('closed without an answer');
      }
    }, 100);
    const end = performance.now() + 1000;
    const seen = new Set<string>();
    while (performance.now() < end) {
      const names = ['k', 'ldap', `ghost${String(Math.random())}`];
      for (const [index, outcome] of (
        await Promise.allSettled(names.map(async (name) => store.find(name)))
      ).entries()) {
        if (outcome.status === 'rejected') {
          expect(outcome.reason).toBeInstanceOf(StoreUnavailableError);
        } else {
          expect(outcome.value?.name).toBe(index === 2 ? undefined : names[index]);
          seen.add(String(outcome.value?.name));
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    clearInterval(flapping);
    expect(seen).toEqual(new Set(['k', 'ldap', 'undefined']));
  });
});
