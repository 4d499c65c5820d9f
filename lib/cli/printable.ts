/** Control and format characters and line ends but `\n`: a terminal would obey or not show them. */
const UNPRINTABLE = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu;

/**
 * Makes a text from anybody safe for a terminal: characters that it would obey, or not show, are
 * written out.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** Returns a name as it is, or in quotes if it would not be seen whole. */
export function printableName(name: string): string {
  const isShowable = name.trim() === name && printable(name) === name && !name.includes('\n');
  return isShowable ? name : printable(JSON.stringify(name));
}
