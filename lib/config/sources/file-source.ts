import { isUtf8 } from 'node:buffer';
import { extname } from 'node:path';
import type { ConfigProblem } from '../../errors.js';
import type { LeftAside } from '../config.js';
import { options } from '../options.js';
import { isOwnKey } from '../own-keys.js';
import type { Settings } from '../raw-value.js';
import { misspeltSection } from '../unknown-names.js';
import type { ConfigFile } from './find-config-file.js';
import { parseIni } from './ini-file.js';
import type { ParsedFile, SyntaxFault } from './parsed-file.js';
import { readSection } from './read-section.js';
import { parseToml } from './toml-file.js';

/** Parsers by the ending of a file's name. */
const FORMATS: ReadonlyMap<string, (text: string) => ParsedFile | SyntaxFault> = new Map([
  ['.conf', parseToml],
  ['.toml', parseToml],
  ['.ini', parseIni],
]);

/**
 * Collects the settings of a configuration file.
 *
 * @param notes - gets the sections that are probably misspelt
 */
export function readConfigFile(
  file: ConfigFile,
  problems: ConfigProblem[],
  notes: LeftAside[],
): Settings {
  const parsed = parse(file);
  if ('content' in parsed) return readSections(file.path, parsed, problems, notes);
  problems.push({ key: 'configFile', ...parsed });
  return new Map();
}

function parse({ path, bytes }: ConfigFile): ParsedFile | Omit<ConfigProblem, 'key'> {
  const format = FORMATS.get(extname(path).toLowerCase());
  if (format === undefined) {
    const endings = '.conf and .toml are read as TOML, .ini as INI';
    return { origin: path, problem: `is a file of an unknown kind; accepted: ${endings}` };
  }
  if (!isUtf8(bytes)) return { origin: path, problem: 'is not UTF-8 text' };
  const parsed = format(bytes.toString().replace(/^\ufeff/, ''));
  if ('content' in parsed) return parsed;
  const { line, column, reason } = parsed;
  return { origin: `${path}:${String(line)}:${String(column)}`, problem: reason };
}

function readSections(
  path: string,
  file: ParsedFile,
  problems: ConfigProblem[],
  notes: LeftAside[],
): Settings {
  const { content, lines, isText } = file;
  const originOf = (id: string): string => {
    const line = lines.get(id);
    return line === undefined ? path : `${path}:${String(line)}`;
  };
  const spellings = ({ key }: { readonly key: string }): readonly string[] => [key];
  const settings: Settings[] = [];
  for (const [name, section] of Object.entries(content)) {
    const meant = name.toLowerCase();
    if (isOwnKey(options, name)) {
      settings.push(readSection(name, section, { spellings, originOf, isText }, problems));
    } else if (isOwnKey(options, meant)) {
      const problem = `is unknown; the nearest known section is [${meant}]`;
      problems.push({ key: name, origin: originOf(name), problem });
    } else {
      notes.push(...misspeltSection(name, originOf(name)));
    }
  }
  return new Map(settings.flatMap((each) => [...each]));
}
