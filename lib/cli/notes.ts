import type { AddHelpTextContext } from 'commander';

/** Columns, if a terminal doesn't tell how wide it is. */
const WIDTH = 80;

/**
 * Returns notes for the help of a command, as `addHelpText` takes them. Paragraphs are wrapped to
 * the terminal; indented lines stay as they are.
 *
 * @param text - paragraphs, with empty lines between them
 */
export function notes(text: string): (context: AddHelpTextContext) => string {
  const lines = text.replace(/(?<=\S)\n(?=\S)/g, ' ').split('\n');
  return ({ command }) => {
    const width = command.configureOutput().getOutHelpWidth?.() ?? WIDTH;
    const help = command.createHelp();
    return lines
      .map((line) => (line.startsWith(' ') ? line : help.boxWrap(line, width)))
      .join('\n');
  };
}
