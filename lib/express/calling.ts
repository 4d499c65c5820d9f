import { MisuseError } from '../errors.js';

/**
 * Refuses what Express gives a function that the app forgot to call: `app.get('/x', requireAdmin, handler)`.
 *
 * @param form - how it is used right
 * @throws MisuseError
 */
export function checkCalled(form: string, given: readonly unknown[]): void {
  if (!given.some(isRequest)) return;
  const [name = ''] = form.split('(');
  throw new MisuseError(`${name} makes a handler and is none itself: call it, ${form}`);
}

/** @throws MisuseError when there are options of other names; `form` tells the right ones */
export function checkOptions(form: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (typeof options === 'object' && unknown === undefined) return;
  const given = unknown === undefined ? `a ${typeof options}` : JSON.stringify(unknown);
  throw new MisuseError(`${form}: its options are ${known.join(', ')}, not ${given}`);
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
