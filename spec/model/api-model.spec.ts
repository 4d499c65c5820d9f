import { judgeApiRequest, KapacitorAuthError } from '../../lib/index.js';
import { resolveUser } from '../../lib/privileges/user.js';
import { generatedRuns, seed, tally } from '../support/runs.js';
import type { ModelVerdict } from './api-model.js';
import { modelVerdict } from './api-model.js';
import { randomNumbers } from './random.js';
import type { RandomRequest } from './random-api-requests.js';
import { RandomApiRequests } from './random-api-requests.js';

const REQUESTS = generatedRuns(20_000).numRuns;
const MOST_FAULTS = 20;

const VERDICTS: Readonly<Record<string, ModelVerdict>> = {
  ERR_KAUTH_AMBIGUOUS_PATH: 'ambiguous',
  ERR_KAUTH_FORBIDDEN: 'forbidden',
  ERR_KAUTH_FORBIDDEN_DATABASE: 'forbidden database',
};

function verdictOfLib({ user, method, target }: RandomRequest): string {
  const resolved = resolveUser(user, 'local');
  try {
    const path = judgeApiRequest(resolved, method, target);
    // What is forwarded is judged as what was asked.
    return judgeApiRequest(resolved, method, path) === path ? 'allowed' : `altered: ${path}`;
  } catch (error) {
    if (error instanceof KapacitorAuthError) return VERDICTS[error.code] ?? error.code;
    throw error;
  }
}

it('judges requests as a plain model of the rules does', () => {
  const random = new RandomApiRequests(randomNumbers(seed));
  const faults: unknown[] = [];
  const counts = new Map<string, number>();

  for (let made = 0; made < REQUESTS && faults.length < MOST_FAULTS; made += 1) {
    const request = random.next();
    const { user, method, target } = request;
    const expected = modelVerdict(user, method, target);
    const actual = verdictOfLib(request);
    counts.set(expected, (counts.get(expected) ?? 0) + 1);
    if (actual !== expected) faults.push({ expected, actual, method, target, ...user });
  }
  tally('generated decisions', REQUESTS);

  expect(faults).toEqual([]);
  // None of them is rare, or the comparison says little of it.
  for (const verdict of ['allowed', 'forbidden', 'forbidden database', 'ambiguous']) {
    expect(counts.get(verdict) ?? 0).toBeGreaterThan(REQUESTS / 100);
  }
});
