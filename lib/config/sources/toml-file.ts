import { parse, TomlError } from 'smol-toml';
import { isPlainObject } from '../plain-object.js';
import { tomlKeyLines } from './key-lines.js';
import type { ParsedFile, SyntaxFault } from './parsed-file.js';
import { TomlFloat } from './toml-float.js';

/** Parses kapacitor.conf. */
export function parseToml(text: string): ParsedFile | SyntaxFault {
  try {
    // Sections that this package doesn't read may hold integers beyond JavaScript's.
    const content = tellingFloats(parse(text, { integersAsBigInt: true }));
    return { content, isText: false, lines: tomlKeyLines(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column, message } = error;
    // After the first line the message quotes the file.
    return { line, column, reason: message.replace(/\n[\s\S]*/, '') };
  }
}

/**
 * Turns integers that fit into JavaScript's numbers into numbers, and floats into {@link
 * TomlFloat}.
 */
function tellingFloats(content: ParsedFile['content']): ParsedFile['content'] {
  return Object.fromEntries(
    Object.entries(content).map(([name, section]) => [
      name,
      isPlainObject(section)
        ? Object.fromEntries(Object.entries(section).map(([key, value]) => [key, told(value)]))
        : section,
    ]),
  );
}

function told(value: unknown): unknown {
  if (typeof value === 'number') return new TomlFloat();
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
