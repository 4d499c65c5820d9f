/** What of TOML may hold text that looks like a header or key; comments, since they may hold quotes. */
const TOML_TEXT =
  /#[^\n]*|"""(?:\\[\s\S]|[^\\])*?"{3,5}|'''[\s\S]*?'{3,5}|"(?:\\[^\n]|[^"\\\n])*"|'[^'\n]*'/g;

const HEADER = /^\s*\[\[?(?:\s*([\w.-]+)\s*\])?/;
const KEY = /^\s*([\w.-]+)\s*=/;

/**
 * The line of each section and of each `section.key`. One whose spelling is not plain (quoted, in an inline table) is
 * missing rather than wrong.
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

/** The same for TOML, where texts and comments may look like anything. */
export function tomlKeyLines(text: string): ReadonlyMap<string, number> {
  return keyLines(text.replace(TOML_TEXT, (token) => token.replace(/[^\r\n]/g, ' ')));
}

/** The lines of a text, whatever ends them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n]/);
}
