import type { Argument, Command, Option } from 'commander';

/** Kinds of values: a file, one of a few words, or any text. */
export type Expected = 'file' | 'text' | readonly string[];

export interface Word {
  readonly word: string;
  readonly meaning: string;
}

/** Words that can follow a command on the command line. */
export interface CommandWords {
  /** The words that lead to the command, without the program's: empty, `users`, `users add`. */
  readonly path: string;
  readonly commands: readonly Word[];
  /** All spellings of all options, including those that every command takes. */
  readonly options: readonly Word[];
  /** Kinds of the options' values, by the spelling of the option. */
  readonly values: readonly (readonly [option: string, expected: Expected])[];
  readonly args: readonly Expected[];
}

/** Collects the words of a program and of all commands below it. */
export function commandWords(program: Command): readonly CommandWords[] {
  return wordsOf(program, '');
}

function wordsOf(command: Command, path: string): readonly CommandWords[] {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  const commands = help.visibleCommands(command);
  const own = {
    path,
    commands: commands.map((one) => ({ word: one.name(), meaning: one.description() })),
    options: options.flatMap((option) =>
      spellings(option).map((word) => ({ word, meaning: option.description })),
    ),
    values: options
      .filter(({ required, optional }) => required || optional)
      .flatMap((option) =>
        spellings(option).map((word) => [word, expectedOf(option, option.flags)] as const),
      ),
    args: command.registeredArguments.map((arg) => expectedOf(arg, `<${arg.name()}>`)),
  };
  return [own, ...commands.flatMap((one) => wordsOf(one, `${path} ${one.name()}`.trim()))];
}

function spellings({ short, long }: Option): readonly string[] {
  return [short, long].filter((word) => word !== undefined);
}

function expectedOf({ argChoices }: Option | Argument, flags: string): Expected {
  return argChoices ?? (/<(?:file|path)>/.test(flags) ? 'file' : 'text');
}
