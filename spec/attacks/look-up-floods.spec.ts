import { setImmediate as turn } from 'node:timers/promises';
import { hash } from 'bcrypt';
import type { StoredUser, UserSource } from '../../lib/index.js';
import { eventually, standIn } from '../stores/meta/stand-ins.js';
import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth } from '../support/open-auth.js';

/** A source whose answers wait until they are released, in the order in which it was asked. */
async function heldSource() {
  const amy: StoredUser = {
    name: 'amy',
    type: 'normal',
    permissions: [],
    hash: await hash('amy-pw', 4),
  };
  const waiting: { readonly name: string; readonly release: () => void }[] = [];
  const state = { asked: 0, most: 0 };
  const source: UserSource = {
    mayBeStale: true,
    find: async (name) => {
      state.asked += 1;
      await new Promise<void>((release) => {
        waiting.push({ name, release });
        state.most = Math.max(state.most, waiting.length);
      });
      return name === 'amy' ? amy : undefined;
    },
  };
  const releaseNext = (): void => waiting.shift()?.release();
  return { source, waiting, state, releaseNext };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await turn();
};

const login = (name: string, password: string, ip: string) => ({
  headers: { authorization: basic(name, password) },
  ip,
});

describe('a flood of names to look up', () => {
  it('from one address takes eight places, and holds up nobody elsewhere', async () => {
    const { source, waiting, releaseNext } = await heldSource();
    const auth = openAuth({ store: source, logger: listeningLogger(), throttle: OPEN });
    const flood = Array.from({ length: 100 }, (_, index) =>
      Promise.resolve(auth.authenticate(login(`x${String(index)}`, 'pw', '203.0.113.7'))),
    );
    const ends = Promise.allSettled(flood);
    await eventually(() => waiting.length === 8);
    await settled();
    expect(waiting).toHaveLength(8);
    const amy = Promise.resolve(auth.authenticate(login('amy', 'amy-pw', '198.51.100.1')));
    await eventually(() => waiting.some(({ name }) => name === 'amy'));
    waiting.find(({ name }) => name === 'amy')?.release();
    await expect(amy).resolves.toMatchObject({ name: 'amy' });
    const rest = setInterval(() => {
      while (waiting.length > 0) releaseNext();
    }, 1);
    await ends;
    clearInterval(rest);
  });

  it('from many addresses lets each have its turn', async () => {
    const { source, waiting, state, releaseNext } = await heldSource();
    const auth = openAuth({ store: source, logger: listeningLogger(), throttle: OPEN });
    const flood = Array.from({ length: 300 }, (_, index) => {
      const ip = `203.0.113.${String(index % 10)}`;
      return Promise.resolve(auth.authenticate(login(`x${String(index)}`, 'pw', ip)));
    });
    const ends = Promise.allSettled(flood);
    await eventually(() => waiting.length === 32);
    const amy = Promise.resolve(auth.authenticate(login('amy', 'amy-pw', '198.51.100.1')));
    await settled();
    const before = state.asked;
    while (!waiting.some(({ name }) => name === 'amy')) {
      releaseNext();
      await settled();
    }
    // At most one of each other address came first.
    expect(state.asked - before).toBeLessThanOrEqual(11);
    const rest = setInterval(() => {
      while (waiting.length > 0) releaseNext();
    }, 1);
    await Promise.all([ends, amy]);
    clearInterval(rest);
    expect(state.most).toBe(32);
  });

  it('is refused beyond a bound with 503, and whose name is asked for by the flood is not', async () => {
    const { source, waiting, releaseNext } = await heldSource();
    const auth = openAuth({ store: source, logger: listeningLogger(), throttle: OPEN });
    const codes: string[] = [];
    const flood = Array.from({ length: 600 }, (_, index) =>
      Promise.resolve(
        auth.authenticate(login(index === 599 ? 'amy' : `x${String(index)}`, 'pw', '203.0.113.7')),
      ).catch((error: unknown) => codes.push((error as { code: string }).code)),
    );
    await eventually(() => waiting.length === 8);
    const amy = Promise.resolve(auth.authenticate(login('amy', 'amy-pw', '198.51.100.1')));
    await eventually(() => waiting.some(({ name }) => name === 'amy'));
    waiting.find(({ name }) => name === 'amy')?.release();
    await expect(amy).resolves.toMatchObject({ name: 'amy' });
    const rest = setInterval(() => {
      while (waiting.length > 0) releaseNext();
    }, 1);
    await Promise.all(flood);
    clearInterval(rest);
    expect(codes.filter((code) => code === 'ERR_KAUTH_OVERLOADED').length).toBeGreaterThanOrEqual(
      600 - 512 - 8,
    );
  });
});

const OPEN = { enabled: false };

describe('a directory that is slow to refuse passwords', () => {
  it('is no failure of the node: others are looked up and let in meanwhile', async () => {
    const node = await standIn();
    node.misbehave('black hole', { path: '/authorized' });
    const { lines, ...logger } = recordingErrors();
    const auth = openAuth({
      store: undefined,
      auth: { enabled: true, metaAddr: node.address, metaVerifyTimeout: '1s', bcryptCost: 4 },
      logger,
      throttle: OPEN,
    });
    const codes: string[] = [];
    const guesses = Array.from({ length: 100 }, (_, index) => {
      const request = login('ldap', String(index), `203.0.113.${String(index % 10)}`);
      return Promise.resolve(auth.authenticate(request)).catch((error: unknown) =>
        codes.push((error as { code: string }).code),
      );
    });
    await eventually(() => node.requests.filter(isVerification).length === 16);
    await expect(
      Promise.resolve(auth.authenticate(login('k', 'pw', '198.51.100.1'))),
    ).resolves.toMatchObject({ name: 'k' });
    await Promise.all(guesses);
    expect(new Set(codes)).toEqual(
      new Set(['ERR_KAUTH_STORE_UNAVAILABLE', 'ERR_KAUTH_OVERLOADED']),
    );
    expect(lines.filter((line) => line.includes('is down'))).toEqual([]);
  });
});

const isVerification = ({ path }: { readonly path: string }): boolean =>
  path.startsWith('/authorized');

function recordingErrors() {
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  return { lines, info: note, warn: note, error: note };
}
