import { InvalidArgumentError } from 'commander';
import type { Permission, UserInfo } from '../../index.js';

/** Meanings of the permissions, in the words and the order of the help. */
const MEANINGS: Readonly<Record<Permission, string>> = {
  none: 'nothing',
  api: "Kapacitor's API without its configuration and writing points",
  config_api: 'the configuration',
  write_points: 'writing points to every database',
  all: 'all of these',
};

export const PERMISSION_NAMES: readonly Permission[] = Object.keys(MEANINGS).filter(
  (name): name is Permission => Object.hasOwn(MEANINGS, name),
);

/** The permissions, each with its meaning, for a command's help. */
export const PERMISSIONS_HELP: string = [
  '\nPermissions:',
  ...PERMISSION_NAMES.map((name) => `  ${name.padEnd(13)} ${MEANINGS[name]}`),
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
