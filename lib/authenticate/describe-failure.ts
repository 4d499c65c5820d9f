import { isNativeError } from 'node:util/types';
import { KapacitorAuthError } from '../errors.js';

/** A name or a code, as programs choose them: too short and too plain to hold a secret text. */
const PLAIN = /^[\w.]{1,40}$/;

const WHERE_IT_IS = 'onError gets the error itself, as error.cause';

/**
 * Describes the failure of a store without secrets. Errors of this package hold none. Other errors
 * may hold anything, so only their class and `code` are told.
 */
export function describeFailure(error: unknown): string {
  if (error instanceof KapacitorAuthError) return error.message;
  return `${kindOf(error)} (${WHERE_IT_IS})`;
}

/** A function that is missing: the names of a program, as the engine writes them. */
const NO_FUNCTION = /^[\w$.]{1,80} is not a function$/;

/**
 * Describes the failure of a counter of failed logins, as {@link describeFailure} does; nobody gets
 * the error itself.
 */
export function describeCounterFailure(error: unknown): string {
  if (error instanceof KapacitorAuthError) return error.message;
  const message = isNativeError(error) ? error.message : '';
  return NO_FUNCTION.test(message) ? message : kindOf(error);
}

function kindOf(error: unknown): string {
  // An error of another realm, such as a test runner makes, is an instance of another class Error.
  if (!(error instanceof Error) && !isNativeError(error)) return 'no Error, but something else';
  const code: unknown = 'code' in error ? error.code : undefined;
  return [className(error), plain(code)].filter((word) => word !== undefined).join(' ');
}

/** A class often leaves `name` as it is in Error. */
function className(error: Error): string {
  const own = error.name === 'Error' ? error.constructor.name : error.name;
  return plain(own) ?? 'Error';
}

function plain(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return PLAIN.test(String(value)) ? String(value) : undefined;
}
