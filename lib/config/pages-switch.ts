import type { ValueType } from './value-type.js';
import { boolean } from './value-types.js';

/** On, off, or on if it can't do harm. */
export type PagesSwitch = boolean | 'auto';

/** A switch that can be left to the server. */
export const pagesSwitch: ValueType<PagesSwitch> = {
  name: 'boolean or "auto"',
  accepts: `"auto", or ${boolean.accepts}`,
  fromValue: (value) => (value === 'auto' ? value : boolean.fromValue(value)),
  fromText: (text) => (text === 'auto' ? text : boolean.fromText(text)),
  print: (value) => value,
};
