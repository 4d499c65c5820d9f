import type { CommandWords, Word } from './command-words.js';
import { argumentCase, quoted, shellCase, walkingCase } from './shell-cases.js';

/**
 * Returns a script that completes a program's commands in zsh: to be sourced, or to be put as
 * `_NAME` into a folder of `fpath`.
 */
export function zshCompletion(name: string, commands: readonly CommandWords[]): string {
  const call = `_${name.replaceAll('-', '_')}`;
  return `#compdef ${name}
${call}() {
  local current=\${words[CURRENT]} word at='' kind=''
  local -a commands options
  integer position=0 i
  for ((i = 2; i <= CURRENT; i++)); do
    word=\${words[i]}
    # The last word is the one to complete; of --option=value the option is known.
    if ((i == CURRENT)); then
      [[ -z $kind && $word == --*=* ]] || break
      compset -P '*='
      word=\${word%%=*}
    elif [[ -n $kind ]]; then
      kind=''
      continue
    fi
    ${walkingCase(commands)}
  done
  if [[ -z $kind ]]; then
    ${shellCase('$at', commands.map(wordCase))}
    if [[ $current == -* ]]; then
      _describe -o option options
      return
    fi
    ((position == 0 && \${#commands})) && _describe command commands
    ${argumentCase(commands)}
  fi
  case $kind in
    '' | text) ;;
    file) _files ;;
    *) compadd -- \${=kind} ;;
  esac
}
if [[ \${funcstack[1]} == _${name} ]]; then
  ${call} "$@"
else
  compdef ${call} ${name}
fi
`;
}

function wordCase({ path, commands, options }: CommandWords): string {
  return `${quoted(path)}) commands=(${described(commands)}) options=(${described(options)}) ;;`;
}

/** Writes words with their meanings as `_describe` reads them. */
function described(words: readonly Word[]): string {
  return words
    .map(({ word, meaning }) => quoted(`${word.replaceAll(':', '\\:')}:${meaning}`))
    .join(' ');
}
