import { z } from 'zod';
import type { EndedSessions, UserSource } from '../../index.js';
import { isUserStore, StoreUnavailableError } from '../../index.js';
import type { Line } from './line.js';
import { overlaid } from './overlaid.js';
import type { ToPrimary } from './questions.js';

/** Milliseconds for the primary to answer. */
const LONGEST = 3_000;

/** Keeps ended sessions in the primary, for all workers together. */
class PrimaryLogOuts implements EndedSessions {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  end(id: string, until: Date): Promise<boolean> {
    return this.#ask({ kind: 'log-out', id, until: until.getTime() });
  }

  isEnded(id: string): Promise<boolean> {
    return this.#ask({ kind: 'logged-out', id });
  }

  async #ask(question: ToPrimary): Promise<boolean> {
    try {
      return z.boolean().parse(await this.#line.ask(question, LONGEST));
    } catch (error) {
      throw new StoreUnavailableError('the ended sessions can not be read', { cause: error });
    }
  }
}

/**
 * Shows a source that can end no session, such as a meta node, as one that does so by the primary.
 * Any other source stays as it is.
 */
export function endingSessions(source: UserSource, line: Line): UserSource {
  const canEnd = isUserStore(source) && source.keepsSessions === true;
  if (canEnd || source.endedSessions !== undefined) return source;
  return overlaid(source, { endedSessions: new PrimaryLogOuts(line) });
}
