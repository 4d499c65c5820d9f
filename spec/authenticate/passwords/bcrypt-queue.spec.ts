import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import type { BcryptQueueLimits } from '../../../lib/authenticate/passwords/bcrypt-queue.js';
import { BcryptQueue } from '../../../lib/authenticate/passwords/bcrypt-queue.js';
import { TOLERATED } from '../../../lib/authenticate/passwords/guessers.js';
import { OverloadedError } from '../../../lib/errors.js';

/** A queue whose jobs end when they are told to, beside an event loop that is idle. */
function manualQueue(limits: BcryptQueueLimits) {
  const queue = new BcryptQueue({ loopShare: () => 0, ...limits });
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const submit = (lane: string, name: string) =>
    queue.run(lane, () => {
      started.push(name);
      return new Promise<string>((resolve) => {
        ends.set(name, () => {
          resolve(name);
        });
      });
    });
  const end = async (name: string) => {
    ends.get(name)?.();
    await turn();
  };
  return { queue, submit, started, end };
}

/** Notes more wrong passwords than are taken for mistakes. */
function guess(queue: BcryptQueue, lane: string): void {
  for (let count = 0; count <= TOLERATED; count += 1) queue.noteWrong(lane);
}

describe('the bcrypt queue', () => {
  afterEach(() => jest.restoreAllMocks());

  it('runs no more jobs at a time than it may', async () => {
    const { submit, started, end } = manualQueue({ concurrency: 2, waiting: 10 });
    const jobs = ['a', 'b', 'c'].map((name) => submit('lane', name));
    await turn();
    expect(started).toEqual(['a', 'b']);
    await end('b');
    expect(started).toEqual(['a', 'b', 'c']);
    await end('a');
    await end('c');
    await expect(Promise.all(jobs)).resolves.toEqual(['a', 'b', 'c']);
  });

  it('lets lanes take turns, so that a flood from one does not hold up another', async () => {
    const { submit, started, end } = manualQueue({ concurrency: 1, waiting: 10 });
    const jobs = [
      ...['flood1', 'flood2', 'flood3', 'flood4'].map((name) => submit('attacker', name)),
      submit('user', 'login'),
    ];
    for (const name of ['flood1', 'flood2', 'login', 'flood3', 'flood4']) await end(name);
    expect(started).toEqual(['flood1', 'flood2', 'login', 'flood3', 'flood4']);
    await Promise.all(jobs);
  });

  it('leaves a core free of the guesses of a lane, but not of other lanes', async () => {
    const { queue, submit, started, end } = manualQueue({ concurrency: 2, cores: 2, waiting: 10 });
    const jobs = ['guess1', 'guess2'].map((name) => submit('attacker', name));
    guess(queue, 'attacker');
    jobs.push(submit('attacker', 'guess3'), submit('attacker', 'guess4'));
    await end('guess1');
    expect(started).toEqual(['guess1', 'guess2']);
    await end('guess2');
    expect(started).toEqual(['guess1', 'guess2', 'guess3']);
    jobs.push(submit('users', 'login1'), submit('users', 'login2'));
    expect(started).toEqual(['guess1', 'guess2', 'guess3', 'login1']);
    await end('guess3');
    for (const name of ['login1', 'login2', 'guess4']) await end(name);
    await Promise.all(jobs);
    expect(queue.running + queue.waiting).toBe(0);
  });

  it.each([
    [1, 1],
    [2, 1],
    [4, 3],
    [64, 3],
  ])('runs guesses of one lane on a machine of %i cores %i at a time', async (cores, most) => {
    const concurrency = Math.min(cores, 3);
    const { queue, submit, started, end } = manualQueue({ concurrency, cores, waiting: 10 });
    guess(queue, 'attacker');
    const names = ['a', 'b', 'c', 'd'];
    const jobs = names.map((name) => submit('attacker', name));
    await turn();
    expect(started).toHaveLength(most);
    for (const name of names) await end(name);
    await Promise.all(jobs);
  });

  it('takes some wrong passwords of a lane for mistakes', async () => {
    const { queue, submit, started, end } = manualQueue({ concurrency: 2, cores: 2, waiting: 10 });
    for (let count = 0; count < TOLERATED; count += 1) queue.noteWrong('office');
    const jobs = ['a', 'b'].map((name) => submit('office', name));
    expect(started).toEqual(['a', 'b']);
    for (const name of ['a', 'b']) await end(name);
    await Promise.all(jobs);
  });

  it('gives a lane all cores again when its guesses are past, and those that wait come first', async () => {
    const { queue, submit, started, end } = manualQueue({ concurrency: 2, cores: 2, waiting: 10 });
    guess(queue, 'office');
    const jobs = ['a', 'b', 'c', 'd'].map((name) => submit('office', name));
    expect(started).toEqual(['a']);
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 10_001);
    jobs.push(submit('office', 'e'));
    await turn();
    expect(started).toEqual(['a', 'b']);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await end(name);
    expect(started).toEqual(['a', 'b', 'c', 'd', 'e']);
    await Promise.all(jobs);
  });

  it('starts as many as may run when guesses are past', async () => {
    const { queue, submit, started, end } = manualQueue({ concurrency: 2, cores: 2, waiting: 10 });
    guess(queue, 'office');
    const jobs = ['a', 'b', 'c'].map((name) => submit('office', name));
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 10_001);
    await end('a');
    expect(started).toEqual(['a', 'b', 'c']);
    for (const name of ['b', 'c']) await end(name);
    await Promise.all(jobs);
  });

  it('refuses what is too much for one lane', async () => {
    const { submit, end } = manualQueue({ concurrency: 1, waiting: 1 });
    const jobs = [submit('lane', 'a'), submit('lane', 'b')];
    await expect(submit('lane', 'c')).rejects.toMatchObject({
      code: 'ERR_KAUTH_OVERLOADED',
      status: 503,
      headers: { 'Retry-After': '1' },
    });
    await end('a');
    await end('b');
    await expect(Promise.all(jobs)).resolves.toEqual(['a', 'b']);
  });

  it('takes the place of the longest lane for a shorter one when it is full', async () => {
    const { submit, started, end } = manualQueue({ concurrency: 1, waiting: 3 });
    const flood = ['f1', 'f2', 'f3', 'f4'].map((name) => submit('attacker', name));
    const dropped = expect(flood[3]).rejects.toBeInstanceOf(OverloadedError);
    const login = submit('user', 'login');
    await dropped;
    for (const name of ['f1', 'f2', 'login', 'f3']) await end(name);
    await expect(login).resolves.toBe('login');
    expect(started).toEqual(['f1', 'f2', 'login', 'f3']);
  });

  it('takes no place of a lane that would be no longer than the other then', async () => {
    const { submit, started, end } = manualQueue({ concurrency: 1, waiting: 3 });
    const jobs = ['a1', 'a2', 'a3'].map((name) => submit('a', name));
    jobs.push(submit('b', 'b1'));
    await expect(submit('b', 'b2')).rejects.toThrow('too many passwords are waiting');
    for (const name of ['a1', 'a2', 'b1', 'a3']) await end(name);
    await Promise.all(jobs);
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('takes the place of the longest lane, wherever it stands', async () => {
    const { submit, started, end } = manualQueue({ concurrency: 1, waiting: 4 });
    const long = ['a1', 'a2', 'a3', 'a4'].map((name) => submit('a', name));
    const dropped = expect(long[3]).rejects.toBeInstanceOf(OverloadedError);
    const others = [submit('b', 'b1'), submit('c', 'c1')];
    await dropped;
    for (const name of ['a1', 'a2', 'b1', 'c1', 'a3']) await end(name);
    await Promise.all(others);
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3']);
  });

  it('tells how many jobs run and wait', async () => {
    const { queue, submit, end } = manualQueue({ concurrency: 2, waiting: 2 });
    const counts = () => [queue.running, queue.waiting];
    expect(counts()).toEqual([0, 0]);
    const jobs = ['a1', 'a2', 'a3', 'a4'].map((name) => submit('a', name));
    await turn();
    expect(counts()).toEqual([2, 2]);
    const dropped = expect(jobs[3]).rejects.toBeInstanceOf(OverloadedError);
    const other = submit('b', 'b1');
    await dropped;
    expect(counts()).toEqual([2, 2]);
    await end('a1');
    expect(counts()).toEqual([2, 1]);
    for (const name of ['a2', 'a3', 'b1']) await end(name);
    await other;
    expect(counts()).toEqual([0, 0]);
  });

  it.each([
    ['no word about threads', undefined, 3],
    ['one thread', '1', 1],
    ['two threads', '2', 1],
    ['many threads', '1000', 999],
  ])('runs by default as many jobs as there are cores, with %s', async (_what, threads, most) => {
    const { UV_THREADPOOL_SIZE: before } = process.env;
    delete process.env.UV_THREADPOOL_SIZE;
    if (threads !== undefined) process.env.UV_THREADPOOL_SIZE = threads;
    const { queue, submit, end } = manualQueue({});
    delete process.env.UV_THREADPOOL_SIZE;
    if (before !== undefined) process.env.UV_THREADPOOL_SIZE = before;

    const names = Array.from({ length: availableParallelism() + 1 }, (_, index) => String(index));
    const jobs = names.map((name) => submit('lane', name));
    await turn();
    expect(queue.running).toBe(Math.min(availableParallelism(), most));
    for (const name of names) await end(name);
    await Promise.all(jobs);
  });

  it('goes on after a job that failed', async () => {
    const queue = new BcryptQueue({ concurrency: 1 });
    const failed = queue.run('lane', () => Promise.reject(new Error('broken')));
    const next = queue.run('lane', () => Promise.resolve('fine'));
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
  });
});
