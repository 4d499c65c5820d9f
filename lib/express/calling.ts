import { MisuseError } from '../errors.js';

/**
 * Refuses Express' arguments to a function that the app forgot to call:
 * `app.get('/x', requireAdmin, handler)`.
 *
 * @param form - the right use
 * @throws MisuseError
 */
export function checkCalled(form: string, given: readonly unknown[]): void {
  if (!given.some(isRequest)) return;
  const [name = ''] = form.split('(');
  throw new MisuseError(`${name} makes a handler and is none itself: call it, ${form}`);
}

/** @throws MisuseError that shows the right use (`form`) if an option has an unknown name */
export function checkOptions(form: string, options: object, known: readonly string[]): void {
  const given = oddIn(options, known);
  if (given === undefined) return;
  throw new MisuseError(`${form}: its options are ${known.join(', ')}, not ${given}`);
}

/** Returns the first unknown option, or the value itself if it is no object. */
function oddIn(options: unknown, known: readonly string[]): string | undefined {
  if (typeof options !== 'object' || options === null) return String(options);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  return unknown === undefined ? undefined : JSON.stringify(unknown);
}

function isRequest(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'headers' in value &&
    'method' in value &&
    'url' in value
  );
}
