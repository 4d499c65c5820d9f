/** Characters of a line, after which it is broken as a terminal does. */
const COLUMNS = 94;

/** Sizes in pixels; the font's characters are as wide as most monospaced fonts have them. */
const FONT = 13;
const CHARACTER = 7.85;
const LINE = 18;
const MARGIN = 20;
const BAR = 30;

/** A picture (SVG) of a terminal that shows these lines; commands begin with `$ `. */
export function terminalPicture(lines: readonly string[], title: string): string {
  const rows = lines.flatMap((line) =>
    broken(line).map((text) => ({ text, isCommand: line.startsWith('$ ') })),
  );
  const width = Math.ceil(COLUMNS * CHARACTER) + 2 * MARGIN;
  const height = BAR + rows.length * LINE + MARGIN;
  const texts = rows.map(({ text, isCommand }, index) => {
    const y = BAR + (index + 1) * LINE;
    return `  <text x="${String(MARGIN)}" y="${String(y)}"${isCommand ? ' fill="#fff" font-weight="bold"' : ''}>${escaped(text)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" width="${String(width)}" height="${String(height)}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${String(width)}" height="${String(height)}" rx="8" fill="#1b1f24"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (colour, index) =>
        `<circle cx="${String(MARGIN + index * 18)}" cy="17" r="5" fill="${colour}"/>`,
    ),
    `<g fill="#c9d1d9" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${String(FONT)}">`,
    ...texts.filter((text) => !text.endsWith('></text>')),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

function broken(line: string): readonly string[] {
  return line === '' ? [''] : (line.match(new RegExp(`.{1,${String(COLUMNS)}}`, 'g')) ?? []);
}

/** Blanks that no reader of SVG draws together are the only ones that all keep. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/ {2,}/g, (blanks) => '\u00a0'.repeat(blanks.length));
}
