import type { Permission } from '../privileges/permission.js';
import { isPermission, PERMISSIONS } from '../privileges/permission.js';
import { formatDuration, parseDuration } from './duration.js';
import { isPlausibleSecret, PLAUSIBLE_SECRET } from './plausible-secret.js';
import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

/** The texts of Go's `strconv.ParseBool`. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
]);

export const boolean: ValueType<boolean> = {
  name: 'boolean',
  accepts: 'true or false (in the environment also 1, t, T, TRUE, True and 0, f, F, FALSE, False)',
  fromValue: (value) => (typeof value === 'boolean' ? value : undefined),
  fromText: (text) => BOOLEANS.get(text),
  print: (value) => value,
};

export const text: ValueType<string> = textual('text', 'text', (value) => value);

/** Text that can be meant as a secret. */
export const secret: ValueType<string> = textual(
  'text',
  `${PLAUSIBLE_SECRET}; or nothing at all`,
  (value) => (isPlausibleSecret(value) ? value : undefined),
);

export const path: ValueType<string> = textual('path', 'a path', (value) =>
  value === '' || value.includes('\0') ? undefined : value,
);

/** The path of a store. A URL may hold a password, which no message about a path would hide. */
export const storePath: ValueType<string> = textual(
  'path',
  'a path; the URL of a database is for store.url',
  (value) => (/^[a-z][\w+.-]*:\/\//i.test(value) ? undefined : path.fromText(value)),
);

/** A schema of PostgreSQL that needs no quotes; names that begin with pg_ are PostgreSQL's own. */
export const schemaName: ValueType<string> = textual(
  'name',
  'a name of a-z, 0-9 and _, at most 48 of them, that begins with no digit and not with pg_',
  (value) => (/^(?!pg_)[a-z_][a-z0-9_]{0,47}$/.test(value) ? value : undefined),
);

/**
 * The path of a file that is read, or nothing. The content of a key in its place would be shown as
 * a path, so it is refused.
 */
export const optionalPath: ValueType<string> = textual(
  'path',
  'the path of a PEM file (not what it holds), or nothing at all',
  (value) => (/[\0\r\n]|-----BEGIN/.test(value) ? undefined : value),
);

/** The path of a file that will be written, or nothing. */
export const optionalFile: ValueType<string> = {
  ...optionalPath,
  accepts: 'the path of a file, or nothing at all',
};

/** Whole milliseconds, rounded up: more than nothing never becomes 0. */
export const duration: ValueType<number> = textual(
  'duration',
  'a duration that is not negative, such as "10m", "1h30m" or "500ms" (units: h, m, s, ms, us, ns)',
  (value) => {
    const milliseconds = parseDuration(value);
    return milliseconds === undefined || milliseconds < 0 ? undefined : Math.ceil(milliseconds);
  },
  formatDuration,
);

/** The same, for times that others count in whole seconds. */
export const secondsOrMore: ValueType<number> = textual(
  'duration',
  'a duration of a second or more, such as "1m" or "90s" (units: h, m, s, ms, us, ns)',
  (value) => {
    const milliseconds = duration.fromText(value);
    return milliseconds === undefined || milliseconds < 1000 ? undefined : milliseconds;
  },
  formatDuration,
);

export const permissions: ValueType<readonly Permission[]> = textual(
  'permission, ...',
  `among ${PERMISSIONS.join(', ')}, several separated by commas`,
  (value) => {
    const names = value === '' ? [] : value.split(',').map((name) => name.trim());
    return names.every(isPermission) ? Object.freeze(names) : undefined;
  },
  (names) => names.join(','),
);

/** One of a few words. */
export function choice<T extends string>(...words: readonly T[]): ValueType<T> {
  const names = words.map((word) => `"${word}"`).join(' or ');
  return textual(names, names, (value) => words.find((word) => word === value));
}

/** A whole number within limits. */
export function wholeNumber(from: number, to: number, name: string): ValueType<number> {
  const within = (value: number): number | undefined =>
    Number.isSafeInteger(value) && value >= from && value <= to ? value : undefined;
  return {
    name,
    accepts: `${name}, ${String(from)} to ${String(to)}`,
    fromValue: (value) => (typeof value === 'number' ? within(value) : undefined),
    fromText: (value) => (/^\d+$/.test(value) ? within(Number(value)) : undefined),
    print: (value) => value,
  };
}

/** A whole number within limits; 0 stands for a default. */
export function integerOrDefault(from: number, to: number, fallback: number): ValueType<number> {
  const limits = `${String(from)} to ${String(to)}`;
  const number = wholeNumber(0, to, limits);
  const orDefault = (value: number | undefined): number | undefined => {
    if (value === 0) return fallback;
    return value === undefined || value < from ? undefined : value;
  };
  return {
    ...number,
    accepts: `a whole number, ${limits}, or 0 for the default, ${String(fallback)}`,
    fromValue: (value) => orDefault(number.fromValue(value)),
    fromText: (value) => orDefault(number.fromText(value)),
  };
}
