/**
 * Parts of TOML whose text may look like a header or key: strings, and comments, which may hold
 * quotes.
 */
const TOML_TEXT =
  /#[^\n]*|"""(?:\\[\s\S]|[^\\])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:\\[^\n]|[^"\\\n])*"|'[^'\n]*'/g;

const HEADER = /^\s*\[\[?(?:\s*([\w.-]+)\s*\])?/;
const KEY = /^\s*([\w.-]+)\s*=/;

/**
 * Finds the line of each section and of each `section.key`. A key that is not spelt plainly
 * (quoted, in an inline table) is missing rather than wrong.
 */
export function keyLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let prefix = '';
  for (const [index, line] of linesOf(text).entries()) {
    const header = HEADER.exec(line);
    const name = (header ?? KEY.exec(line))?.[1] ?? '';
    lines.set(header ? name : `${prefix}${name}`, index + 1);
    if (header) prefix = `${name}.`;
  }
  return lines;
}

/** The same for TOML, whose strings and comments may look like headers and keys. */
export function tomlKeyLines(text: string): ReadonlyMap<string, number> {
  return keyLines(text.replace(TOML_TEXT, (token) => token.replace(/[^\r\n]/g, ' ')));
}

/** Splits a text into lines, whatever ends them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n]/);
}
