import type { CommandWords, Word } from './command-words.js';
import { argumentCase, quoted, shellCase, walkingCase } from './shell-cases.js';

/** Returns a script that completes a program's commands in bash 3.2 or newer. */
export function bashCompletion(name: string, commands: readonly CommandWords[]): string {
  const call = `_${name.replaceAll('-', '_')}`;
  return `# bash completion of ${name}
${call}() {
  local current=\${COMP_WORDS[COMP_CWORD]} word at='' kind='' words='' i
  local -i position=0
  COMPREPLY=()
  # bash makes three words of --option=value.
  [[ $current == '=' ]] && current=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == '=' ]] && continue
    if [[ -n $kind ]]; then
      kind=''
      continue
    fi
    ${walkingCase(commands)}
  done
  if [[ -z $kind && $current == -* ]]; then
    ${shellCase(
      '$at',
      wordCases(commands, ({ options }) => options),
    )}
  elif [[ -z $kind ]]; then
    ${shellCase(
      '"$at $position"',
      wordCases(commands, ({ commands: below }) => below, ' 0'),
    )}
    ${argumentCase(commands)}
  fi
  case $kind in
    text) ;;
    file)
      local IFS=$'\\n'
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$current"))
      ;;
    *) COMPREPLY=($(compgen -W "$words $kind" -- "$current")) ;;
  esac
}
complete -F ${call} ${name}
`;
}

function wordCases(
  commands: readonly CommandWords[],
  wordsOf: (command: CommandWords) => readonly Word[],
  suffix = '',
): readonly string[] {
  return commands
    .map((command) => [command.path, wordsOf(command).map(({ word }) => word)] as const)
    .filter(([, words]) => words.length > 0)
    .map(([path, words]) => `${quoted(path + suffix)}) words=${quoted(words.join(' '))} ;;`);
}
