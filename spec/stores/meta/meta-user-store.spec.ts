import { createServer } from 'node:net';
import { MetaStandIn } from '../../../fixtures/meta-stand-in/meta-stand-in.js';
import { answer } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import { MisuseError, StoreUnavailableError } from '../../../lib/errors.js';
import { userSourceContract } from '../../../lib/store-contract/user-source-contract.js';
import { MetaUserStore } from '../../../lib/stores/meta/meta-user-store.js';
import { eventually, HASH, openStore, pathsSeenBy, standIn, USERS } from './stand-ins.js';

describe('MetaUserStore keeps the contract of user sources: it', () => {
  const users = [
    {
      name: 'k',
      type: 'normal' as const,
      hash: HASH,
      permissions: ['api' as const],
      privileges: { '/api': ['all' as const], '/api/config': ['none' as const] },
    },
  ];
  const node = new MetaStandIn({ users: USERS.slice(0, 1) });
  beforeAll(() => node.start());
  afterAll(() => node.stop());

  for (const clause of userSourceContract(
    () => new MetaUserStore({ addresses: [node.address] }),
    users,
  )) {
    it(clause.name, () => clause.run());
  }
});

describe('MetaUserStore', () => {
  it('connects to nothing before somebody is looked up', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    expect(await node.connections()).toBe(0);
    expect(store).toMatchObject({ source: 'meta', mayBeStale: true });
  });

  it.each([
    ['no node', { addresses: [] }],
    ['an address without a port', { addresses: ['meta'] }],
    ['a URL', { addresses: ['http://meta:8091'] }],
    ['an address with a path', { addresses: ['meta:8091/'] }],
    ['a port that is none', { addresses: ['meta:80910'] }],
    ['a name in the address', { addresses: ['amy@meta:8091'] }],
    ['a certificate without its key', { addresses: ['meta:1'], useTls: true, cert: 'c.pem' }],
    ['a key without its certificate', { addresses: ['meta:1'], useTls: true, key: 'k.pem' }],
  ])('refuses %s at once', (_, options) => {
    expect(() => new MetaUserStore(options)).toThrow(MisuseError);
  });

  it('takes files that do not exist while TLS is off, as in the documented example', async () => {
    const store = new MetaUserStore({ addresses: ['[::1]:8091'], ca: '/none', cert: '/none' });
    await store.open();
    await store.close();
  });

  it('finds a user of a directory and asks the node about the password', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    expect(await store.find('ldap')).toMatchObject({ name: 'ldap', hash: '', type: 'normal' });
    expect(await store.verify('ldap', 'dir pw&=é')).toBe(true);
    expect(await store.verify('ldap', 'wrong')).toBe(false);
    expect(await store.verify('nobody', 'dir pw&=é')).toBe(false);
  });

  it('never asks a directory about an empty password, which it may take for an anonymous login', async () => {
    const node = await standIn({ users: [{ name: 'ldap', hash: '', password: '' }] });
    const store = await openStore([node]);
    expect(await store.verify('ldap', '')).toBe(false);
    expect(await store.verify('', 'pw')).toBe(false);
    expect(await store.verify('ldap', 'p'.repeat(1025))).toBe(false);
    expect(node.requests).toEqual([]);
  });

  it('tells a wrong password from own credentials that are refused', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    node.credentials = { sharedSecret: 'changed' };
    await expect(store.verify('ldap', 'dir pw&=é')).rejects.toThrow(StoreUnavailableError);
  });

  it.each([
    'a b&c=d/é',
    '..',
    '.',
    '%2e',
    'Ω',
    '__proto__',
    'a\0b',
    'k?name=root',
    'n'.repeat(1024),
  ])('asks for the name %j as it is', async (name) => {
    const node = await standIn({ users: [{ name, hash: HASH }] });
    const store = await openStore([node]);
    expect(await store.find(name)).toMatchObject({ name, hash: HASH });
    expect(node.requests).toHaveLength(2);
  });

  it('refuses names that can not be asked for before it asks', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    for (const name of ['', 'a\ud800', 'n'.repeat(10_240)]) {
      expect(await store.find(name)).toBeUndefined();
    }
    expect(node.requests).toEqual([]);
  });

  it('answers from nothing that was before: who is added or changed is found at once', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    expect(await store.find('late')).toBeUndefined();
    for (const hash of [HASH, HASH.replace('HIZ', 'ZIH')]) {
      node.users.set('late', { name: 'late', hash });
      expect(await store.find('late')).toMatchObject({ hash });
      expect(await store.find('late')).toMatchObject({ hash });
    }
  });

  it('takes an empty list for "no such user"', async () => {
    const node = await standIn();
    node.misbehave('no users');
    const store = await openStore([node]);
    expect(await store.find('k')).toBeUndefined();
  });

  it('takes a user without a hash for one of a directory', async () => {
    const node = await standIn();
    node.misbehave(answer('{"users":[{"name":"k"}]}'), { path: '/user' });
    const store = await openStore([node]);
    expect(await store.find('k')).toMatchObject({ hash: '', permissions: [], privileges: {} });
  });

  it('joins no look-up that runs: what it is told may be older than the question', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    const held: (() => void)[] = [];
    node.misbehave(
      (incoming, response) => {
        const told = JSON.stringify({ users: [node.users.get('k')] });
        held.push(() => {
          answer(told)(incoming, response);
        });
      },
      { path: '/user', times: 1 },
    );
    const before = Promise.resolve(store.find('k'));
    await eventually(() => held.length === 1);
    node.users.set('k', { name: 'k', hash: HASH.replace('HIZ', 'ZIH') });
    expect(await store.find('k')).toMatchObject({ hash: HASH.replace('HIZ', 'ZIH') });
    held[0]?.();
    expect(await before).toMatchObject({ hash: HASH });
  });

  it('asks once whether its own credentials count, for all whose password a directory refuses at once', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    const held: (() => void)[] = [];
    node.misbehave(
      (_, response) => {
        held.push(() => {
          response.writeHead(401).end('{"error":"authorization failed"}');
        });
        if (held.length === 16) for (const release of held) release();
      },
      { path: '/authorized' },
    );
    const wrong = Array.from({ length: 16 }, (_, index) => store.verify('ldap', String(index)));
    expect(new Set(await Promise.all(wrong))).toEqual(new Set([false]));
    const looked = pathsSeenBy(node).filter((path) => path.startsWith('/user')).length;
    expect(looked).toBeLessThan(16);
  });

  it('forgets a user that is gone', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    await store.find('k');
    node.users.delete('k');
    expect(await store.find('k')).toBeUndefined();
  });

  it('gives up when whoever asks does', async () => {
    const node = await standIn();
    const store = await openStore([node], { deadline: 3_600_000 });
    for (const path of ['/user', '/role']) {
      node.misbehave('black hole', { path });
      const until = performance.now() + 100;
      await expect(store.find('k', { until })).rejects.toThrow(StoreUnavailableError);
    }
  });

  it('gives up what is running when it is closed, and leaves no connection', async () => {
    const node = await standIn();
    const store = await openStore([node], { deadline: 60_000 });
    await store.find('k');
    node.misbehave('black hole');
    const outcomes = Promise.allSettled([store.find('ldap'), store.verify('ldap', 'pw')]);
    await eventually(() => node.requests.length === 4);
    await store.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: new StoreUnavailableError('the meta user store is not open'),
      });
    }
    await eventually(async () => (await node.connections()) === 0);
  });

  it('may be opened again after it was closed', async () => {
    const node = await standIn();
    const store = await openStore([node]);
    await store.close();
    await expect(async () => store.find('k')).rejects.toThrow(StoreUnavailableError);
    await store.open();
    expect(await store.find('k')).toBeDefined();
  });

  it('works over several nodes, and goes on with the one that works', async () => {
    const nodes = await Promise.all([standIn(), standIn(), standIn()]);
    const [first, second] = nodes;
    const store = await openStore(nodes);
    first.misbehave('status 503');
    expect(await store.find('k')).toBeDefined();
    expect(await store.find('ldap')).toBeDefined();
    expect(nodes.map(({ requests }) => requests.length)).toEqual([1, 3, 0]);
    await second.stop();
    await first.stop();
    expect(await store.find('k')).toBeDefined();
  });

  it('survives a node that does not even accept connections', async () => {
    const hole = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
    const address = hole.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const sockets: (() => void)[] = [];
    hole.on('connection', (socket) => sockets.push(() => socket.destroy()));
    const store = await openStore([], { addresses: [`127.0.0.1:${String(port)}`], deadline: 200 });
    await expect(store.find('k')).rejects.toThrow(StoreUnavailableError);
    sockets.forEach((end) => {
      end();
    });
    await new Promise((resolve) => hole.close(resolve));
  });
});
