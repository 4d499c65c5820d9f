import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';
import type { ServerLog } from '../../lib/cli/server-log.js';
import { LOG_LEVELS, openServerLog } from '../../lib/cli/server-log.js';
import { until } from '../support/until.js';

/** All but the clock and its timers. */
const REAL = ['Date', 'setImmediate', 'nextTick', 'queueMicrotask'] as const;

const NOBODY = { failed: () => undefined, lost: () => undefined };

describe('the log of a server', () => {
  let written: string[];
  let log: ServerLog;

  function stream(): Writable {
    return new Writable({
      decodeStrings: false,
      write(chunk, _encoding, done) {
        written.push(String(chunk));
        done();
      },
    });
  }

  beforeEach(() => {
    written = [];
    log = openServerLog(stream(), 'info', NOBODY);
  });

  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
    log.close();
  });

  /** The texts that were written, in lists of those that came together. */
  function messages(): unknown[] {
    return written.map((text) => text.match(/"msg":"\w+"/g)?.map((found) => found.slice(7, -1)));
  }

  it('writes a line of a quiet server at once, and those of a busy one together', async () => {
    jest.useFakeTimers({ doNotFake: [...REAL] });
    log.logger.info({ n: 1 }, 'one');
    log.logger.error('two');
    await turn();
    expect(messages()).toEqual([['one', 'two']]);
    log.logger.info('three');
    jest.advanceTimersByTime(9);
    await turn();
    log.logger.info('four');
    expect(messages()).toEqual([['one', 'two']]);
    jest.advanceTimersByTime(1);
    expect(messages()).toEqual([
      ['one', 'two'],
      ['three', 'four'],
    ]);
    jest.advanceTimersByTime(10);
    log.logger.info('five');
    await turn();
    expect(messages().at(-1)).toEqual(['five']);
    for (const line of written.join('').trimEnd().split('\n')) {
      const { time } = JSON.parse(line) as { time: string };
      expect(new Date(time).toISOString()).toBe(time);
      expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(3_600_000);
    }
  });

  it.each([undefined, { worker: 2 }])('writes requests as other lines are (%p)', (base) => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double(),
      fc.constantFrom(undefined, true, false, null, {}),
    );
    const names = fc.constantFrom('address', 'user', 'method', 'path', 'status', 'ms');
    jest.spyOn(Date, 'now').mockReturnValue(0);
    const options = { base: base ?? null, timestamp: pino.stdTimeFunctions.isoTime };
    fc.assert(
      fc.property(fc.dictionary(names, value), (line) => {
        const ours = openServerLog(stream(), 'info', { ...NOBODY, base });
        const texts = [ours.logger, pino(options, stream())].map((logger) => {
          written = [];
          logger.info(line, 'request');
          logger.error(line, 'request');
          ours.close();
          return written.join('');
        });
        expect(texts[0]).toBe(texts[1]);
      }),
    );
  });

  it('lets no more wait than 64 KiB', async () => {
    jest.useFakeTimers({ doNotFake: [...REAL] });
    log.logger.info('first');
    await turn();
    const text = 'x'.repeat(40_000);
    log.logger.info(text);
    expect(written).toHaveLength(1);
    log.logger.info(text);
    expect(written).toHaveLength(2);
  });

  it('tells the time of each line', () => {
    const now = jest.spyOn(Date, 'now');
    for (const time of [0, 0, 1]) {
      now.mockReturnValue(time);
      log.logger.info('x');
    }
    now.mockRestore();
    log.close();
    expect(written.join('').match(/1970-01-01T00:00:00.00\dZ/g)).toEqual([
      '1970-01-01T00:00:00.000Z',
      '1970-01-01T00:00:00.000Z',
      '1970-01-01T00:00:00.001Z',
    ]);
  });

  it('leaves out what is of less weight than asked for', () => {
    const quiet = openServerLog(stream(), 'error', NOBODY);
    quiet.logger.info('a request');
    quiet.logger.error('a failure');
    quiet.close();
    expect(written.join('')).toMatch(/^[^\n]*"msg":"a failure"[^\n]*\n$/);
  });

  it('loses nothing when it is closed, or when the process ends', () => {
    const before = process.listenerCount('exit');
    log.logger.info('last words');
    process.listeners('exit').at(-1)?.call(process, 0);
    expect(written.join('')).toContain('last words');
    log.logger.info('more');
    log.close();
    expect(written.join('')).toContain('more');
    expect(process.listenerCount('exit')).toBe(before - 1);
  });
});

describe('the log of a server whose output fails', () => {
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it.each(LOG_LEVELS)(
    'of level %s says so once, counts what is lost, also of the audit, and goes on when it can be written again',
    async (level) => {
      let now = 1_000_000;
      jest.spyOn(performance, 'now').mockImplementation(() => now);
      let isFull = true;
      let attempts = 0;
      let text = '';
      /** Standard output can be written to after a failure, unlike other streams. */
      class Output extends Writable {
        override write(chunk: unknown, ...rest: readonly unknown[]): boolean {
          attempts += 1;
          if (!isFull) text += String(chunk);
          const failure = isFull ? Object.assign(new Error('full'), { code: 'ENOSPC' }) : null;
          const [done] = rest;
          if (typeof done === 'function')
            process.nextTick(() => void Reflect.apply(done, undefined, [failure]));
          return !isFull;
        }
      }
      const stream = new Output();
      const told: string[] = [];
      let lost = 0;
      const log = openServerLog(stream, level, {
        failed: (problem) => told.push(problem),
        lost: (lines) => (lost += lines),
      });
      const audit = log.logger.child({ audit: true }, { level: 'info' });
      const write = async (message: string) => {
        now += 10;
        audit.info(message);
        audit.info(message);
        await turn();
        await turn();
      };
      for (let count = 0; count < 10; count += 1) await write('lost');
      expect({ told, lost, attempts }).toEqual({
        told: ['the log loses lines: ENOSPC'],
        lost: 20,
        attempts: 1,
      });
      now += 1_000;
      await write('lost');
      expect({ told: told.length, lost, attempts }).toEqual({ told: 1, lost: 22, attempts: 2 });
      isFull = false;
      await write('lost too soon');
      now += 1_000;
      await write('kept');
      await until('the loss is told', () => text.includes('could not be written'));
      expect(text.match(/"(?:lost":\d+|msg":"[^"]*")/g)).toEqual([
        '"msg":"kept"',
        '"msg":"kept"',
        '"lost":24',
        '"msg":"lines of this log could not be written"',
      ]);
      isFull = true;
      now += 1_000;
      await write('lost');
      expect(told).toHaveLength(2);
      log.close();
    },
  );

  it('tells every loss of a reader that comes and goes, as often as it likes', async () => {
    jest.useFakeTimers({ doNotFake: [...REAL, 'performance'] });
    const step = fc.constantFrom('read', 'pause', 'wait', 'log', 'log much');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        let now = 1_000_000;
        jest.spyOn(performance, 'now').mockImplementation(() => now);
        let isRead = true;
        let text = '';
        let waiting: (() => void)[] = [];
        const stream = new Writable({
          decodeStrings: false,
          write(chunk, _encoding, done) {
            text += String(chunk);
            if (isRead) done();
            else waiting.push(done);
          },
        });
        let lost = 0;
        let sent = 0;
        const log = openServerLog(stream, 'info', {
          failed: () => undefined,
          lost: (lines) => (lost += lines),
        });
        const take = async (what: string): Promise<void> => {
          if (what === 'read') isRead = true;
          if (what === 'pause') isRead = false;
          if (what === 'wait') now += 1_000;
          if (what.startsWith('log')) {
            sent += 1;
            log.logger.info({ pad: 'x'.repeat(what === 'log' ? 1 : 600_000) }, 'sent');
          }
          do {
            for (const done of isRead ? waiting.splice(0) : []) done();
            await turn();
            jest.advanceTimersByTime(10);
            await turn();
          } while (isRead && waiting.length > 0);
        };
        for (const each of [...steps, 'read', 'wait', 'log', 'wait', 'log']) await take(each);
        log.close();
        waiting = [];
        const told = Array.from(text.matchAll(/"lost":(\d+)/g), ([, count]) => Number(count));
        expect(told.reduce((sum, count) => sum + count, 0)).toBe(lost);
        expect(text.match(/"msg":"sent"/g)?.length).toBeGreaterThanOrEqual(sent - lost);
      }),
      { numRuns: 60 },
    );
  });

  it('does not keep what a reader leaves waiting', async () => {
    const stream = new Writable({ write: () => undefined });
    let lost = 0;
    const log = openServerLog(stream, 'info', {
      failed: () => undefined,
      lost: (lines) => (lost += lines),
    });
    for (let count = 0; count < 100; count += 1) {
      log.logger.info('x'.repeat(100_000));
      await turn();
    }
    expect(stream.writableLength).toBeLessThan(1_500_000);
    expect(lost).toBeGreaterThan(80);
    log.close();
  });
});
