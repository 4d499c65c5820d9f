/** What a terminal would take for a command or could not show: control and format characters, other line ends than `\n`. */
const UNPRINTABLE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;

/** A text as it may be written to a terminal, whoever it came from: what it would obey, or not show, is written out. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** A name as it is, or in quotes where it can't be shown so: where it would not be seen whole. */
export function printableName(name: string): string {
  const isShowable = name.trim() === name && printable(name) === name && !name.includes('\n');
  return isShowable ? name : printable(JSON.stringify(name));
}
