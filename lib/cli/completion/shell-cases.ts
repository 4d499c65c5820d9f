import type { CommandWords, Expected } from './command-words.js';

/** A text as one word of a shell (POSIX, section 2.2.2). */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The part of a completion that bash and zsh read alike: given a word, and in `at` the command so far, the command that it
 * leads to, or in `kind` what the word after it must be.
 */
export function walkingCase(commands: readonly CommandWords[]): string {
  const cases = commands.flatMap(({ path, commands: below, values }) => [
    ...below.map(({ word }) => `${match(path, word)} at=${quoted(`${path} ${word}`.trim())} ;;`),
    ...values.map(([option, expected]) => `${match(path, option)} kind=${kindOf(expected)} ;;`),
  ]);
  return shellCase('"$at $word"', [...cases, "*' '-*) ;;", '*) position+=1 ;;']);
}

/** The same for what stands without an option: by the command and the number of such words before it. */
export function argumentCase(commands: readonly CommandWords[]): string {
  const cases = commands.flatMap(({ path, args }) =>
    args.map((expected, index) => `${match(path, String(index))} kind=${kindOf(expected)} ;;`),
  );
  return shellCase('"$at $position"', cases);
}

/** A `case` within a block of a function's. */
export function shellCase(word: string, cases: readonly string[]): string {
  return [`case ${word} in`, ...cases.map((one) => `  ${one}`), 'esac'].join('\n    ');
}

function match(path: string, word: string): string {
  return `${quoted(`${path} ${word}`)})`;
}

/** `file`, `text`, or the words. */
function kindOf(expected: Expected): string {
  return quoted(typeof expected === 'string' ? expected : expected.join(' '));
}
