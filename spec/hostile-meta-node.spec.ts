import { writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import express from 'express';
import request from 'supertest';
import { makeAuthority, makeCertificate } from '../fixtures/meta-stand-in/certificates.js';
import type {
  HostileBehaviour,
  LoginStatuses,
} from '../fixtures/meta-stand-in/hostile/hostile-behaviour.js';
import { JUDGED, UNAVAILABLE } from '../fixtures/meta-stand-in/hostile/hostile-behaviour.js';
import { HOSTILE_BEHAVIOURS } from '../fixtures/meta-stand-in/hostile/table.js';
import type { StandInTls } from '../fixtures/meta-stand-in/meta-stand-in.js';
import { authorizeApi, kapacitorAuth } from '../lib/index.js';
import type { MetaUserStoreOptions } from '../lib/stores/meta/meta-options.js';
import { MetaUserStore } from '../lib/stores/meta/meta-user-store.js';
import { standIn } from './stores/meta/stand-ins.js';
import { listeningLogger } from './support/listening-logger.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { until } from './support/until.js';

/** So many nodes are watched at a time. */
const AT_ONCE = 8;

/** More than what is read of an answer, and what sockets may hold of it on its way; in bytes. */
const MOST_SENT = 32 * 1024 * 1024;

/**
 * The parser keeps nothing of these, and the limit of time ends them: how much comes depends on the
 * speed of the machine.
 */
const ENDED_BY_TIME: ReadonlySet<string> = new Set([
  'sends the extension of a chunk without end',
  'sends a status line without end',
  'says "early hints" without end',
]);

const SECRETS = /s3cret-of-the-node|wr0ng-password/;

/** A middleware over one node, and what a user notices of it. */
function middlewareOver(address: string, options: Partial<MetaUserStoreOptions> = {}) {
  const logger = listeningLogger();
  const limits = { deadline: 3000, verifyTimeout: 3000 };
  const store = new MetaUserStore({ addresses: [address], logger, ...limits, ...options });
  const auth = kapacitorAuth({
    http: { authEnabled: true },
    auth: { enabled: true, bcryptCost: 4, cacheExpiration: '50ms' },
    logger,
    store,
  });
  const app = express();
  app.use(auth, authorizeApi(), (_, response) => void response.end());
  const login = async (name: string, password: string): Promise<number> =>
    (await request(app).get('/kapacitor/v1/tasks').auth(name, password)).status;
  const logIn = async (): Promise<LoginStatuses> => {
    const [right, wrong, directory, unknown] = await Promise.all([
      login('k', 'pw'),
      login('k', 'wr0ng-password'),
      login('ldap', 'wr0ng-password'),
      login('ghost', 'wr0ng-password'),
    ]);
    return { right, wrong, directory, unknown };
  };
  /** Comes back once all are judged as they should be. */
  const recover = (): Promise<void> =>
    until('all are judged as they should be', async () => isDeepStrictEqual(await logIn(), JUDGED));
  return { auth, logIn, recover, log: () => logger.lines.join('\n') };
}

/** Observations of a node that did something, and then behaved. */
interface Observation {
  readonly logins: LoginStatuses;
  /** The most that was sent over one connection, in bytes. */
  readonly sent: number;
  readonly log: string;
}

async function observe({ at, does }: HostileBehaviour): Promise<Observation> {
  const node = await standIn();
  const { auth, logIn, recover, log } = middlewareOver(node.address);
  const sockets = new Set<Socket>();
  node.misbehave(
    (asked, response) => {
      sockets.add(asked.socket);
      does(asked, response);
    },
    at === undefined ? {} : { path: at },
  );
  const logins = await logIn();
  const sent = Math.max(...[...sockets].map(({ bytesWritten }) => bytesWritten));
  node.behave();
  await recover();
  await auth.close();
  await node.stop();
  return { logins, sent, log: log() };
}

describe('A hostile meta node', () => {
  const observations = new Map<HostileBehaviour, Observation>();

  beforeAll(async () => {
    const left = [...HOSTILE_BEHAVIOURS];
    const observeAll = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        observations.set(next, await observe(next));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, observeAll));
    // What had no time beside the others is looked at by itself.
    for (const behaviour of HOSTILE_BEHAVIOURS) {
      const { right, wrong, unknown } = observations.get(behaviour)?.logins ?? UNAVAILABLE;
      const isLate = [right, wrong, unknown].includes(503) && behaviour.logins.wrong !== 503;
      if (isLate) observations.set(behaviour, await observe(behaviour));
    }
  }, 300_000);

  it('does all this', () => {
    expect(HOSTILE_BEHAVIOURS.length).toBeGreaterThanOrEqual(63);
    expect(new Set(HOSTILE_BEHAVIOURS.map(({ name }) => name)).size).toBe(
      HOSTILE_BEHAVIOURS.length,
    );
  });

  it.each(HOSTILE_BEHAVIOURS.map((behaviour) => [behaviour.name, behaviour] as const))(
    'lets nobody in who should not be, is not quoted, and is believed once it behaves: %s',
    (name, behaviour) => {
      const { logins, sent, log } = observations.get(behaviour) ?? {};
      expect(logins).toEqual(behaviour.logins);
      expect(sent).toBeLessThan(ENDED_BY_TIME.has(name) ? Infinity : MOST_SENT);
      expect(log).not.toMatch(SECRETS);
    },
  );
});

describe('A hostile meta node below HTTP', () => {
  const authority = makeAuthority('ours');
  const ca = join(temporaryFolder(), 'ca.pem');
  const good = makeCertificate(authority, { names: ['127.0.0.1'] });

  it.each<[string, useTls: boolean, tls: StandInTls | undefined]>([
    ['speaks TLS where HTTP is expected', false, good],
    ['speaks HTTP where TLS is expected', true, undefined],
    ['shows the certificate of another host', true, certificate(['meta.example'])],
    ['shows a certificate without a name', true, certificate([])],
    ['shows a certificate of all hosts', true, certificate(['*'])],
    ['shows an expired certificate', true, certificate(['127.0.0.1'], -1)],
    [
      'shows a certificate of another authority',
      true,
      makeCertificate(makeAuthority('ours'), { names: ['127.0.0.1'] }),
    ],
    ['shows its authority for a certificate', true, authority],
  ])('lets nobody in, and is believed once it behaves: %s', async (_, useTls, tls) => {
    await writeFile(ca, authority.cert);
    const node = await standIn(tls === undefined ? {} : { tls });
    const { auth, logIn, recover, log } = middlewareOver(node.address, {
      useTls,
      ...(useTls && { ca }),
    });
    expect(await logIn()).toEqual(UNAVAILABLE);
    await node.stop();
    const port = Number(node.address.split(':')[1]);
    await standIn({ port, ...(useTls && { tls: good }) });
    await recover();
    expect(log()).not.toMatch(SECRETS);
    await auth.close();
  });

  function certificate(names: readonly string[], days = 1): StandInTls {
    return makeCertificate(authority, { names, days });
  }
});
