import { Authenticator } from './authenticate/authenticator.js';
import { GuardedStore } from './authenticate/guarded-store.js';
import { KnownRequests } from './authenticate/known-requests.js';
import type { Verdict } from './authenticate/logins.js';
import { Logins } from './authenticate/logins.js';
import { BcryptQueue } from './authenticate/passwords/bcrypt-queue.js';
import { HashRenewal } from './authenticate/passwords/hash-renewal.js';
import { Passwords } from './authenticate/passwords/passwords.js';
import { VerifiedPasswords } from './authenticate/passwords/verified-passwords.js';
import { OpenStreams } from './authenticate/streams/open-streams.js';
import { SubscriptionLogin } from './authenticate/subscription-login.js';
import { Throttle } from './authenticate/throttle/throttle.js';
import { UserCache } from './authenticate/user-cache.js';
import { AskTimes } from './authenticate/waiting/ask-times.js';
import { verificationQueue } from './authenticate/waiting/source-queues.js';
import type { Config } from './config/config.js';
import type { AnswerPolicy } from './express/answer-policy.js';
import { bindPolicy } from './express/answer-policy.js';
import { warnWithoutUsers } from './manage/warn-without-users.js';
import type { Reporter } from './observe/reporter.js';
import type { NamedSource } from './open-store.js';
import { openStore } from './open-store.js';
import type { KapacitorUser } from './privileges/user.js';
import type { UserChangeListener } from './stores/user-store.js';

/** Milliseconds that a source may take beyond its question to a directory. */
const LOOK_UP_AFTERWARDS = 5000;

/** The parts that know users and verify passwords. */
interface KnowsUsers {
  readonly store: GuardedStore;
  readonly users: UserCache;
  readonly passwords: Passwords;
  readonly queue: BcryptQueue;
  readonly counters: NamedSource['counters'];
}

/** The parts that judge logins. */
interface JudgesLogins {
  readonly throttle: Throttle<Verdict>;
  readonly authenticator: Authenticator;
  readonly streams: OpenStreams;
}

/** Puts together the parts that answer who sent a request, once. */
export function assemble(
  config: Config,
  reporter: Reporter,
  policy: AnswerPolicy,
): KnowsUsers & JudgesLogins {
  const { sharedSecret } = config.http;
  const { cacheExpiration: expiration, staleIfError } = config.auth;
  const { logger } = config;
  const onResolved = (user: KapacitorUser): void => {
    bindPolicy(user, policy);
  };
  const onChange: UserChangeListener = (name) => {
    streams.changed(name);
  };
  const parts = assembleUsers(config, reporter, { onResolved, onChange });
  const { store, users } = parts;
  const throttle = new Throttle<Verdict>({
    ...config.throttle,
    store: parts.counters,
    ready: config.throttleStore === undefined ? () => store.ready() : undefined,
    logger,
  });
  const authenticator = new Authenticator({
    users,
    logins: new Logins({
      ...parts,
      verifications: verificationQueue(),
      renewal: new HashRenewal(store.store, parts.passwords),
      throttle,
      askTimes: new AskTimes(),
      logger,
    }),
    subscribers: new SubscriptionLogin(store, { expiration, onResolved }),
    known: new KnownRequests(expiration),
    reporter,
    sharedSecret,
    headers: policy.headers,
  });
  const running = { users, store, authenticator, reporter, sharedSecret, staleIfError };
  const streams = new OpenStreams(running);
  return { ...parts, throttle, authenticator, streams };
}

interface UserListeners {
  readonly onResolved: (user: KapacitorUser) => void;
  readonly onChange: UserChangeListener;
}

function assembleUsers(
  config: Config,
  { tally }: Reporter,
  { onResolved, onChange }: UserListeners,
): KnowsUsers {
  const { cacheExpiration: expiration, bcryptCost: cost, staleIfError } = config.auth;
  const queue = new BcryptQueue();
  const { source, counters } = openStore(config);
  const store = new GuardedStore({
    store: source,
    bcryptCost: cost,
    // Longer than the source's timeout, so that the source can report the reason itself.
    verifyDeadline: config.auth.metaVerifyTimeout + LOOK_UP_AFTERWARDS,
    logger: config.logger,
    onOpen: () => {
      warnWithoutUsers(store, config.logger).catch(() => undefined);
    },
    onChange: (name) => {
      users.invalidate(name);
      onChange(name);
    },
    tally,
  });
  const users = new UserCache(store, { expiration, staleIfError, tally, onResolved });
  const passwords = new Passwords({
    queue,
    verified: new VerifiedPasswords(expiration, staleIfError),
    cost,
    usersCost: () => store.store.hashCost ?? 0,
    freshness: store.freshness,
    tally,
  });
  return { store, users, passwords, queue, counters };
}
