/** Templates that nobody filled in: `${X}`, `$X`, `{{x}}`, `<x>`. */
const PLACEHOLDER = /^(?:\$\{[^}]*\}|\$\w+|\{\{.*\}\}|<[^<>]*>)$/;

const QUOTED = /^(["'`])[^]*\1$/;
const LINE_END = /[\r\n\u2028\u2029]/;

/** The rules for a secret, for error messages. */
export const PLAUSIBLE_SECRET =
  'text without line ends, without blanks or quotes around it, and no placeholder such as ${SECRET}, $SECRET, {{secret}} or <secret>';

/**
 * Returns true if a text can be meant as a secret. A file that ends in a line end, or a template
 * that nobody filled in, gives a secret that nobody intended and that others may know.
 */
export function isPlausibleSecret(text: string): boolean {
  const isClean = text.trim() === text && !LINE_END.test(text);
  const isQuoted = text.length > 1 && QUOTED.test(text);
  return isClean && !isQuoted && !PLACEHOLDER.test(text);
}
