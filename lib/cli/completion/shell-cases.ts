import type { CommandWords, Expected } from './command-words.js';

/** Quotes a text as one word of a shell (POSIX, section 2.2.2). */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * Returns the `case` by which bash and zsh alike read the next word. `at` holds the command so far.
 * The word sets `at` to the command that it leads to, or `kind` to the kind of value that must
 * follow, or counts in `position`.
 */
export function walkingCase(commands: readonly CommandWords[]): string {
  const cases = commands.flatMap(({ path, commands: below, values }) => [
    ...below.map(({ word }) => `${match(path, word)} at=${quoted(`${path} ${word}`.trim())} ;;`),
    ...values.map(([option, expected]) => `${match(path, option)} kind=${kindOf(expected)} ;;`),
  ]);
  return shellCase('"$at $word"', [...cases, "*' '-*) ;;", '*) position+=1 ;;']);
}

/**
 * Returns the `case` that sets `kind` for an argument, by the command and the arguments before it.
 */
export function argumentCase(commands: readonly CommandWords[]): string {
  const cases = commands.flatMap(({ path, args }) =>
    args.map((expected, index) => `${match(path, String(index))} kind=${kindOf(expected)} ;;`),
  );
  return shellCase('"$at $position"', cases);
}

/** Returns a `case`, indented for a block within a function. */
export function shellCase(word: string, cases: readonly string[]): string {
  return [`case ${word} in`, ...cases.map((one) => `  ${one}`), 'esac'].join('\n    ');
}

function match(path: string, word: string): string {
  return `${quoted(`${path} ${word}`)})`;
}

/** Returns `file`, `text`, or the words. */
function kindOf(expected: Expected): string {
  return quoted(typeof expected === 'string' ? expected : expected.join(' '));
}
