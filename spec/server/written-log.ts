import { pino } from 'pino';
import type { Logger } from 'pino';
import { z } from 'zod';

/** A pino logger and the text it has written. */
export class WrittenLog {
  text = '';
  readonly logger: Logger = pino(
    { base: null },
    {
      write: (line: string) => {
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
