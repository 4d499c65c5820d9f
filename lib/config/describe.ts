import type { Config } from './config.js';
import { optionRows } from './option-rows.js';
import { secretState } from './redact.js';

/** An option as it is in force. */
export interface DescribedOption {
  /** `section.key` as in kapacitor.conf. */
  readonly key: string;
  /** The value as kapacitor.conf spells it; for a secret only if it is set. */
  readonly value: string | number | boolean;
  /** `code`, a variable's name, `file:line`, or `default`. */
  readonly origin: string;
}

/** Lists all options with their values, without secrets, and their origins. */
export function describeConfig(config: Config): readonly DescribedOption[] {
  return optionRows.map(({ id, section, name, option }) => {
    const value: unknown = Reflect.get(config[section], name);
    return {
      key: id,
      value: option.secret ? secretState(value) : option.type.print(value),
      origin: config.origins[id] ?? 'default',
    };
  });
}
