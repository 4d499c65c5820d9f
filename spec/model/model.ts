import type { KapacitorAuth, UserType } from '../../lib/index.js';
import { basic, bearer } from '../support/open-auth.js';
import type { State } from './history.js';
import { Clock, History } from './history.js';
import { randomNumbers } from './random.js';

/** The password that opens a name, and as what. */
export interface Account {
  readonly password: string;
  readonly type: UserType;
}

/** Users that can be changed, and those who judge requests by them. */
export interface Subject {
  /** Makes what is true of a name true. */
  readonly change: (
    name: string,
    before: State<Account>,
    after: State<Account>,
  ) => Promise<unknown>;
  readonly judges: readonly Judge[];
  /** True if permissions other than a user's password and being can change. */
  readonly hasTypes: boolean;
}

/** Somebody who judges requests. */
export interface Judge {
  readonly auth: KapacitorAuth;
  /** Milliseconds for which it may let in what was right before. */
  readonly patience: number;
  /** Milliseconds for which it may refuse what is right now. */
  readonly impatience: number;
}

/** The outcome of a run. */
export interface Run {
  readonly requests: number;
  readonly changes: number;
  /** Answers that nothing explains. */
  readonly faults: readonly string[];
}

const NAMES = ['amy', 'bob', 'eve', 'joe'];
const CLIENTS = 12;
const MIN_CHANGES = 40;

interface RunLimits {
  readonly seed: number;
  readonly requests: number;
  /** Ends it earlier; without a limit if left out. */
  readonly milliseconds?: number | undefined;
}

/** Many clients and one who changes users, all at once; each answer is held against all that may have been true meanwhile. */
export async function runModel(
  subject: Subject,
  { seed, requests, milliseconds = Infinity }: RunLimits,
): Promise<Run> {
  const end = performance.now() + milliseconds;
  const clock = new Clock();
  const random = randomNumbers(seed);
  const histories = new Map(
    NAMES.map((name) => [name, new History<Account>(undefined, clock.now())]),
  );
  const faults: string[] = [];
  let [asked, changes] = [0, 0];

  const historyOf = (name: string): History<Account> => {
    const history = histories.get(name);
    if (history === undefined) throw new Error(`no history of ${name}`);
    return history;
  };

  async function change(name: string): Promise<void> {
    const history = historyOf(name);
    const before = history.last;
    const after = nextAccount(before, random, subject.hasTypes);
    const acknowledge = history.begin(after, clock);
    await subject.change(name, before, after);
    acknowledge();
    changes += 1;
  }

  async function ask(judge: Judge): Promise<void> {
    const name = NAMES[random(NAMES.length)] ?? '';
    const history = historyOf(name);
    const password = `pw ${String(random(4))}`;
    const isToken = random(5) === 0;
    const request = isToken ? withToken(name) : withPassword(name, password, random(3));
    const from = clock.now();
    const answer = await outcome(judge.auth, {
      ...request,
      ip: `198.51.100.${String(random(2))}`,
    });
    const to = clock.now();
    asked += 1;
    const fits = (account: State<Account>): string => {
      const isRight = account !== undefined && (isToken || account.password === password);
      return isRight ? account.type : 'refused';
    };
    const patience = answer === 'refused' ? judge.impatience : judge.patience;
    const explained = history.between(from, to, patience).map(fits);
    if (explained.includes(answer)) return;
    const kind = isToken ? 'a token' : JSON.stringify(password);
    faults.push(`${name} with ${kind}: ${answer}, not ${[...new Set(explained)].join(' or ')}`);
  }

  await Promise.all(NAMES.map((name) => change(name)));
  const isOver = (): boolean =>
    ((asked >= requests || performance.now() >= end) && changes >= MIN_CHANGES) ||
    faults.length >= 5;
  const client = async (judge: Judge): Promise<void> => {
    while (!isOver()) {
      await ask(judge);
      if (random(6) === 0) await new Promise(setImmediate);
    }
  };
  const changer = async (name: string): Promise<void> => {
    while (!isOver()) {
      await change(name);
      await new Promise((resolve) => setTimeout(resolve, random(25)));
    }
  };
  await Promise.all([
    ...Array.from({ length: CLIENTS }, (_, index) => {
      const judge = subject.judges[index % subject.judges.length];
      if (judge === undefined) throw new Error('nobody judges');
      return client(judge);
    }),
    ...NAMES.map((name) => changer(name)),
  ]);
  return { requests: asked, changes, faults };
}

function nextAccount(
  before: State<Account>,
  random: (below: number) => number,
  hasTypes: boolean,
): State<Account> {
  if (before !== undefined && random(4) === 0) return undefined;
  const type = hasTypes && random(2) === 0 ? 'admin' : 'normal';
  return { password: `pw ${String(random(4))}`, type };
}

function withToken(name: string): { headers: { authorization: string }; url: string } {
  return { headers: { authorization: bearer(name) }, url: '/' };
}

function withPassword(name: string, password: string, way: number) {
  const query = `/?u=${name}&p=${encodeURIComponent(password)}`;
  if (way === 0) return { headers: {}, url: query };
  const authorization = basic(name, password);
  return {
    headers: { authorization: way === 1 ? authorization : authorization.replace('B', 'b') },
    url: '/',
  };
}

async function outcome(
  auth: KapacitorAuth,
  request: { readonly headers: { readonly authorization?: string }; url: string; ip: string },
): Promise<string> {
  try {
    const user = await auth.authenticate(request);
    return user.type;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    return code === 'ERR_KAUTH_FAILED' ? 'refused' : String(code);
  }
}
