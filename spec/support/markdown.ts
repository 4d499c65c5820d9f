/** A fenced code block. */
export interface Fence {
  readonly language: string;
  /** Its lines, each ended. */
  readonly text: string;
}

/** The fenced code blocks of a Markdown text, in order. */
export function fences(markdown: string): readonly Fence[] {
  return Array.from(
    markdown.matchAll(/^```(.*)\n([^]*?)^```$/gm),
    ([, language = '', text = '']) => ({ language, text }),
  );
}

/** The text between its fenced code blocks. */
export function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^```.*\n[^]*?^```$/gm, '');
}

/** The cells of the table whose head begins with these titles: a list for each row. */
export function tableRows(markdown: string, ...titles: readonly string[]): readonly string[][] {
  const table = markdown
    .split('\n\n')
    .map((block) =>
      block
        .split('\n')
        .filter((line) => line.startsWith('|'))
        .map(cells),
    )
    .find(([head]) => titles.every((title, column) => head?.[column] === title));
  if (table === undefined) throw new Error(`no table begins with ${titles.join(', ')}`);
  return table.slice(2);
}

/** Returns what stands between backticks in a text. */
export function codes(text: string): readonly string[] {
  return Array.from(text.matchAll(/`([^`]+)`/g), ([, code = '']) => code);
}

function cells(line: string): string[] {
  return line
    .slice(1, -1)
    .split('|')
    .map((cell) => cell.trim());
}
