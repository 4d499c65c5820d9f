import { parse, TomlError } from 'smol-toml';
import { tomlKeyLines } from './key-lines.js';
import type { ParsedFile, SyntaxFault } from './parsed-file.js';

/** Reads kapacitor.conf. */
export function parseToml(text: string): ParsedFile | SyntaxFault {
  try {
    // Sections that aren't ours may hold integers beyond JavaScript's.
    const content = parse(text, { integersAsBigInt: 'asNeeded' });
    return { content, isText: false, lines: tomlKeyLines(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column, message } = error;
    // After the first line the message quotes the file.
    return { line, column, reason: message.replace(/\n[\s\S]*/, '') };
  }
}
