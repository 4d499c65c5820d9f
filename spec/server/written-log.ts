import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { pino } from 'pino';
import { z } from 'zod';
import { look } from '../support/leaks.js';

type LogLine = Readonly<Record<string, unknown>>;

/** Looks of 5 ms or more: a busy machine is not given up before a test is. */
const MOST_LOOKS = 12_000;

/** A pino logger and the text it has written. */
export class WrittenLog {
  text = '';
  readonly logger: Logger = pino(
    { base: null },
    {
      write: (line: string) => {
        look('a log', line);
        this.text += line;
      },
    },
  );

  /** The lines of the access log. */
  get requests(): readonly LogLine[] {
    return this.linesOf('request');
  }

  /** The lines with a message. */
  linesOf(message: string): readonly LogLine[] {
    return this.text
      .split('\n')
      .filter((line) => line.includes(`"msg":"${message}"`))
      .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
  }

  /**
   * The lines with a message, once there are so many of them.
   *
   * @throws Error with the lines so far if they don't come
   */
  async linesOnce(message: string, count: number): Promise<readonly LogLine[]> {
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const lines = this.linesOf(message);
      if (lines.length >= count) return lines;
      await delay(5);
    }
    const lines = JSON.stringify(this.linesOf(message), undefined, 1);
    throw new Error(`there are no ${String(count)} lines "${message}", but ${lines}`);
  }
}
