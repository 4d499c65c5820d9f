import type { Logger } from '../index.js';
import { silenceNoUsers } from '../server/silence-no-users.js';
import { seeAlsoOf } from './see-also.js';
import { styled } from './styled.js';
import type { Terminal } from './terminal.js';

/** Returns a logger for warnings. A failure ends the command, which reports it then. */
export function stderrLogger({ stderr }: Terminal): Logger {
  const ignore = (): void => undefined;
  const warn = (message: string): void =>
    void stderr.write(
      `kapacitor-auth: ${styled(stderr, 'yellow', 'warning:')} ${message}\n${seeAlsoOf(message)}`,
    );
  return silenceNoUsers({ info: ignore, warn, error: ignore });
}
