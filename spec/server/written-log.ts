import type { Logger } from 'pino';
import { pino } from 'pino';
import { z } from 'zod';
import { look } from '../support/leaks.js';

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
  get requests(): readonly Record<string, unknown>[] {
    return this.text
      .split('\n')
      .filter((line) => line.includes('"msg":"request"'))
      .map((line) => z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
  }
}
