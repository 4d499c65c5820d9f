import { judgePassing } from '../../lib/express/passing-requests.js';
import type { KapacitorAuthError, KapacitorUser } from '../../lib/index.js';
import { ADMIN_USER, AuthorizationError } from '../../lib/index.js';
import { Reporter } from '../../lib/observe/reporter.js';
import { listeningLogger } from '../support/listening-logger.js';

const forbidden = new AuthorizationError('ERR_KAUTH_FORBIDDEN', 'may not');

describe('requests that pass while they are judged', () => {
  let known: KapacitorUser | undefined;
  let waiting: ((user: KapacitorUser) => void)[];
  let codes: string[];
  let failures: unknown[];

  beforeEach(() => {
    known = undefined;
    waiting = [];
    codes = [];
    failures = [];
  });

  function judging(judge: (user: KapacitorUser) => unknown): () => void {
    const authenticator = {
      recall: () => known,
      authenticate: () => new Promise<KapacitorUser>((resolve) => waiting.push(resolve)),
    };
    const judgeOne = judgePassing(authenticator, new Reporter(listeningLogger()));
    const reported = ({ code }: KapacitorAuthError): void => void codes.push(code);
    const failed = (error: unknown): void => void failures.push(error);
    return () => {
      judgeOne({ headers: {} }, { judge, reported, failed });
    };
  }

  const settled = (): Promise<void> => new Promise(setImmediate);

  it('are judged 256 at once; more are reported as overloaded, until there is room', async () => {
    const judge = judging(() => {
      throw forbidden;
    });
    for (let index = 0; index < 256; index += 1) judge();
    await settled();
    expect([waiting.length, codes]).toEqual([256, []]);
    judge();
    await settled();
    expect([waiting.length, codes]).toEqual([256, ['ERR_KAUTH_OVERLOADED']]);
    waiting[0]?.(ADMIN_USER);
    await settled();
    judge();
    expect([waiting.length, codes.at(-1)]).toEqual([257, 'ERR_KAUTH_FORBIDDEN']);
  });

  it('are judged at once if their credentials are known, however many wait', async () => {
    const judge = judging(() => {
      throw forbidden;
    });
    for (let index = 0; index < 256; index += 1) judge();
    known = ADMIN_USER;
    judge();
    expect(codes).toEqual(['ERR_KAUTH_FORBIDDEN']);
    for (const resolve of waiting) resolve(ADMIN_USER);
    await settled();
    expect(codes).toHaveLength(257);
  });

  it.each([true, false])('throw nothing if a judgement breaks (known: %p)', async (isKnown) => {
    const broken = new TypeError('a mistake');
    known = isKnown ? ADMIN_USER : undefined;
    const judge = judging(() => {
      throw broken;
    });
    judge();
    for (const resolve of waiting) resolve(ADMIN_USER);
    await settled();
    expect([codes, failures]).toEqual([[], [broken]]);
  });
});
