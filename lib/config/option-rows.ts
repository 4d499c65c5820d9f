import type { Option } from './option.js';
import type { Section } from './options.js';
import { options } from './options.js';
import { ownKeys } from './own-keys.js';

/** An option with all its names. */
export interface OptionRow {
  readonly section: Section;
  /** In code: `metaUseTls`. */
  readonly name: string;
  /** In kapacitor.conf: `meta-use-tls`. */
  readonly key: string;
  /** In messages: `auth.meta-use-tls`. */
  readonly id: string;
  /** In the environment: `KAPACITOR_AUTH_META_USE_TLS`. */
  readonly variable: string;
  readonly option: Option<unknown>;
}

/** The sections, in the order of the table. */
export const sections: readonly Section[] = ownKeys(options);

/** The options with their names, in the order of the table. */
export const optionRows: readonly OptionRow[] = sections.flatMap((section) =>
  Object.entries<Option<unknown>>(options[section]).map(([name, option]) => {
    const id = optionId(section, name);
    const variable = `KAPACITOR_${id.replace(/[.-]/g, '_').toUpperCase()}`;
    return Object.freeze({ section, name, key: kebabCase(name), id, variable, option });
  }),
);

/** The name of an option in messages: `auth.meta-use-tls`. */
export function optionId(section: Section, name: string): string {
  return `${section}.${kebabCase(name)}`;
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}
