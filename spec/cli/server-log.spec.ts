import { setImmediate as turn } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { openServerLog } from '../../lib/cli/server-log.js';
import type { ServerLog } from '../../lib/cli/server-log.js';

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
    log = openServerLog(stream());
  });

  afterEach(() => {
    log.close();
  });

  it('writes the lines of a turn of the event loop together, in their order', async () => {
    log.logger.info({ n: 1 }, 'one');
    log.logger.error('two');
    await turn();
    log.logger.info('three');
    await turn();
    expect(written.map((text) => text.match(/"msg":"\w+"/g))).toEqual([
      ['"msg":"one"', '"msg":"two"'],
      ['"msg":"three"'],
    ]);
    for (const line of written.join('').trimEnd().split('\n')) {
      const { time } = JSON.parse(line) as { time: string };
      expect(new Date(time).toISOString()).toBe(time);
      expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(3_600_000);
    }
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
    const quiet = openServerLog(stream(), 'error');
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
