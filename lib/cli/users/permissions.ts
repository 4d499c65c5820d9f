import { InvalidArgumentError } from 'commander';
import type { Permission, UserInfo } from '../../index.js';

/** Meanings of the permissions, in the words of the help. */
const MEANINGS: ReadonlyMap<Permission, string> = new Map<Permission, string>([
  ['none', 'nothing'],
  ['api', "Kapacitor's API without its configuration and writing points"],
  ['config_api', 'the configuration'],
  ['write_points', 'writing points to every database'],
  ['all', 'all of these'],
]);

export const PERMISSION_NAMES: readonly Permission[] = [...MEANINGS.keys()];

/** The permissions, each with its meaning, for a command's help. */
export const PERMISSIONS_HELP: string = [
  '\nPermissions:',
  ...[...MEANINGS].map(([name, meaning]) => `  ${name.padEnd(13)} ${meaning}`),
].join('\n');

/**
 * Reads `api,write_points`.
 *
 * @throws InvalidArgumentError for a name that is no permission
 */
export function parsePermissions(list: string): readonly Permission[] {
  const known = PERMISSION_NAMES;
  return list.split(',').map((word) => {
    const permission = known.find((name) => name === word.trim());
    if (permission !== undefined) return permission;
    throw new InvalidArgumentError(
      `${JSON.stringify(word)} is no permission; there are ${known.join(', ')}.`,
    );
  });
}

/** Tells people what a user may do. */
export function showPermissions({ type, permissions }: UserInfo): string {
  const list = permissions.join(', ');
  if (type === 'admin') return list === '' ? 'all' : `all (as a normal user: ${list})`;
  return list === '' ? 'none' : list;
}
