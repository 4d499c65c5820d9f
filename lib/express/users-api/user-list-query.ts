import { invalidRequest } from '../../invalid-request.js';
import type { ListOptions } from '../../stores/list-options.js';
import type { UserDocument } from './user-documents.js';

export interface UserListQuery {
  readonly options: ListOptions;
  readonly fields: readonly (keyof UserDocument)[];
}

/** The fields of a user that a list can show. */
export const FIELDS: readonly (keyof UserDocument)[] = [
  'link',
  'name',
  'permissions',
  'type',
  'grants',
  'disabled',
];

/** The most users in one answer. */
export const MOST_USERS = 10_000;

/** Fields that are always shown. */
export const ALWAYS: readonly (keyof UserDocument)[] = ['link', 'name'];

/**
 * Reads `pattern`, `offset`, `limit` (100 unless given, at most 10,000; -1 stands for 10,000) and
 * any number of `fields`. The first value of another parameter counts if it is repeated, as in
 * Kapacitor.
 *
 * @throws InvalidRequestError
 */
export function parseUserListQuery(query: string): UserListQuery {
  const parameters = new URLSearchParams(query);
  const limit = integer(parameters, 'limit', { fallback: 100, least: -1 });
  if (limit > MOST_USERS) {
    throw invalidRequest(
      `invalid limit parameter "${String(limit)}" must be ${String(MOST_USERS)} or less`,
    );
  }
  return {
    options: {
      pattern: parameters.get('pattern') ?? undefined,
      offset: integer(parameters, 'offset', { fallback: 0, least: 0 }),
      limit: limit === -1 ? MOST_USERS : limit,
    },
    fields: fieldsOf(parameters.getAll('fields')),
  };
}

function fieldsOf(asked: readonly string[]): readonly (keyof UserDocument)[] {
  const unknown = asked.find((name) => !FIELDS.some((field) => field === name));
  if (unknown !== undefined) throw invalidRequest(`unsupported field ${JSON.stringify(unknown)}`);
  if (asked.length === 0) return FIELDS;
  return FIELDS.filter((field) => ALWAYS.includes(field) || asked.includes(field));
}

function integer(
  parameters: URLSearchParams,
  name: 'offset' | 'limit',
  { fallback, least }: { readonly fallback: number; readonly least: number },
): number {
  const text = parameters.get(name) ?? '';
  if (text === '') return fallback;
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  const problem = `invalid ${name} parameter ${JSON.stringify(text)} must be`;
  if (!Number.isSafeInteger(value)) throw invalidRequest(`${problem} an integer`);
  if (value < least) throw invalidRequest(`${problem} ${String(least)} or more`);
  return value;
}
