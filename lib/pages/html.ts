import { MisuseError } from '../errors.js';

/** A piece of HTML. Only {@link html} makes it, so all text in it is escaped. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The markup. */
  toString(): string {
    return this.#text;
  }
}

/** A value in a template: texts are escaped; false and undefined show nothing. */
export type Content = Html | string | number | false | undefined | readonly Content[];

/**
 * Makes HTML of a template. Every value is escaped for text and for quoted attributes.
 *
 * @throws MisuseError for a value in an attribute without quotes, where escaping is not enough
 *
 * @example
 * ```ts
 * html`<a href="${link}">${user.name}</a>`;
 * ```
 */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Html {
  const parts = prepared(strings);
  const texts = values.map((value, index) => textOf(value) + (parts[index + 1] ?? ''));
  return new Html((parts[0] ?? '') + texts.join(''));
}

const known = new WeakMap<TemplateStringsArray, readonly string[]>();

/** The fixed parts of a template, without the indentation of the source; done once for each. */
function prepared(strings: TemplateStringsArray): readonly string[] {
  const before = known.get(strings);
  if (before !== undefined) return before;
  if (strings.slice(0, -1).some((part) => /=\s*$/.test(part))) {
    throw new MisuseError(`an attribute needs quotes around its value: ${strings.join('...')}`);
  }
  const parts = strings.map((part) => part.replace(/\s*\n\s*/g, '\n'));
  known.set(strings, parts);
  return parts;
}

function textOf(value: Content): string {
  if (value === false || value === undefined) return '';
  if (value instanceof Html) return value.toString();
  if (typeof value === 'object') return value.map(textOf).join('');
  return escape(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Controls that HTML forbids, and those that turn the direction of the text after them. */
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Bidi_Control}]/gu;

function escape(text: string): string {
  return text.replace(UNSEEN, '\ufffd').replace(/[&<>"']/g, (each) => ENTITIES[each] ?? '');
}
