import { decode, verify } from 'jsonwebtoken';
import type { RecordedRequest } from '../../../fixtures/meta-stand-in/meta-stand-in.js';
import type { Behaviour, Misbehaviour } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import { redirect } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import recording from '../../../fixtures/reference/meta-wire.json';
import { StoreUnavailableError } from '../../../lib/errors.js';
import type { MetaUserStoreOptions } from '../../../lib/stores/meta/meta-options.js';
import { openStore, standIn } from './stand-ins.js';

/** The ways in which the stand-in plays what the recording calls `metaBehaviour`. */
const BEHAVIOURS: Readonly<Record<string, { as: Misbehaviour | Behaviour; times?: number }>> = {
  redirect: {
    as: (request, response) => {
      redirect(`/hop${request.url ?? ''}`)(request, response);
    },
    times: 1,
  },
  loop: { as: 'redirect loop' },
  '503once': { as: 'status 503', times: 1 },
  '500': { as: 'status 500' },
  html: { as: 'HTML' },
  two: { as: 'two users' },
  null: { as: 'users null' },
  '401': { as: 'status 401' },
};

/** The configuration in the cases that say so. */
const OWN_CREDENTIALS: Readonly<Record<string, Partial<MetaUserStoreOptions>>> = {
  'basic credentials of our own': { username: 'svc', password: 'svc-pw' },
  'internal shared secret wins': { username: 'svc', password: 'svc-pw', internalSharedSecret: 's' },
};

type Outcome = 'accepted' | 'refused' | 'unavailable';

/** Differences from the recording: by which of design.md's deviations, what comes of it, after how many requests. */
const OVERRIDES: Readonly<Record<string, readonly [deviation: number, Outcome, requests: number]>> =
  {
    'unknown user': [16, 'refused', 1],
    'user name with special characters': [16, 'refused', 1],
    'redirect loop': [16, 'unavailable', 3],
    '500 always': [16, 'unavailable', 3],
    'not JSON': [16, 'unavailable', 3],
    'meta refuses our credentials': [16, 'unavailable', 1],
    'two users': [17, 'unavailable', 3],
    'users null': [17, 'unavailable', 3],
  };

/** Cases about what Kapacitor had cached; our cache of users and passwords is not the store's. */
const CACHED = ['second is cached', 'ldap cached', 'ldap wrong password'];

const cases = recording.cases.filter(({ id }) => !CACHED.includes(id));

describe('The requests to a meta node are those that Kapacitor sends', () => {
  it.each(cases)('$id', async (recorded) => {
    const { name, password } = credentialsIn(recorded.headers.Authorization);
    const node = await standIn();
    const { as, times } = BEHAVIOURS[recorded.metaBehaviour] ?? {};
    if (as !== undefined) node.misbehave(as, times === undefined ? {} : { times });
    const store = await openStore([node], OWN_CREDENTIALS[recorded.id]);

    const outcome = await Promise.resolve(store.find(name)).then(
      async (user): Promise<Outcome> => {
        const isRight = user?.hash === '' ? await store.verify(name, password) : user !== undefined;
        return isRight ? 'accepted' : 'refused';
      },
      (error: unknown): Outcome => {
        expect(error).toBeInstanceOf(StoreUnavailableError);
        return 'unavailable';
      },
    );

    const [first] = recorded.metaRequests;
    const override = OVERRIDES[recorded.id];
    const expected = override
      ? { outcome: override[1], requests: Array.from({ length: override[2] }, () => first) }
      : {
          outcome: recorded.status === 200 ? 'accepted' : 'refused',
          requests: recorded.metaRequests,
        };
    // Kapacitor doesn't look at roles (deviation 19), and believes a 404 of whoever gives it.
    const ours = ['/role', '/status'];
    const requests = node.requests.filter(({ path }) => !ours.includes(path)).map(readable);
    expect({ outcome, requests }).toEqual(expected);
  });

  it('and the cases we leave out or decide otherwise are in the recording', () => {
    const ids = recording.cases.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...CACHED, ...Object.keys(OVERRIDES)]));
    expect(ids).toEqual(expect.arrayContaining(Object.keys(OWN_CREDENTIALS)));
  });
});

function credentialsIn(authorization: string): { name: string; password: string } {
  const [scheme, value = ''] = authorization.split(' ');
  if (scheme === 'Bearer') {
    const claims: unknown = decode(value);
    return { name: String(Reflect.get(Object(claims), 'username')), password: '' };
  }
  const [name = '', password = ''] = Buffer.from(value, 'base64').toString().split(':');
  return { name, password };
}

/** A request in the recording's form. */
function readable({ authorization, ...request }: RecordedRequest): unknown {
  const [scheme, token = ''] = authorization?.split(' ') ?? [];
  if (scheme !== 'Bearer') return { ...request, authorization: authorization ?? null };
  const { header, payload } = verify(token, 's', { algorithms: ['HS512'], complete: true });
  if (typeof payload === 'string') throw new Error('the token has no claims');
  const left = Math.round((payload.exp ?? 0) - Date.now() / 1000);
  // Kapacitor's five minutes had lost a second when they were looked at.
  const exp = [299, 300].includes(left) ? 'now+299' : `now+${String(left)}`;
  return { ...request, authorization: { bearer: { header, claims: { ...payload, exp } } } };
}
