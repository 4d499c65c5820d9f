import type { Content, Html } from './html.js';
import { html } from './html.js';

/** The mistakes in a form, by the names of its fields; `''` is the form as a whole. */
export type Problems = Readonly<Record<string, string>>;

/** A field of a form. */
export interface Field {
  readonly name: string;
  readonly label: Content;
  /** Tells which texts are accepted. */
  readonly hint?: string | undefined;
  readonly value?: string | undefined;
  readonly problems?: Problems | undefined;
  readonly isRequired?: boolean | undefined;
  /** For the browser's memory: `username`, `current-password`, `new-password`, `off`. */
  readonly autocomplete?: string | undefined;
  /** True if the page begins here; a field at fault does so anyway. */
  readonly isFirst?: boolean | undefined;
}

/** A field for a line of text, or a password. */
export function textField(field: Field, type: 'text' | 'search' | 'password' = 'text'): Html {
  const { name, value = '', isRequired = false, isFirst = false, autocomplete = 'off' } = field;
  const input = html`<input
    id="${name}"
    name="${name}"
    type="${type}"
    value="${type === 'password' ? '' : value}"
    autocomplete="${autocomplete}"
    autocapitalize="none"
    spellcheck="false"
    ${isRequired && html`required`}
    ${isFirst && html`autofocus`}
    ${described(field)}
  />`;
  return around(field, input);
}

/** A field for several lines of text. */
export function textArea(field: Field, rows = 4): Html {
  const { name, value = '' } = field;
  // A parser drops a line feed right after the tag.
  return around(
    field,
    html`<textarea
      id="${name}"
      name="${name}"
      rows="${rows}"
      spellcheck="false"
      ${described(field)}
    >
${value}</textarea>`,
  );
}

/** A choice of one among several: value and text of each. */
export function choiceField(
  field: Field,
  choices: readonly (readonly [value: string, text: string])[],
): Html {
  const { name, value = '' } = field;
  const options = choices.map(
    ([each, text]) =>
      html`<option value="${each}" ${each === value && html`selected`}>${text}</option>`,
  );
  return around(
    field,
    html`<select id="${name}" name="${name}" ${described(field)}>
      ${options}
    </select>`,
  );
}

/** A box to tick. */
export function tickBox(
  { name, label, value = 'yes', problems, hint }: Field,
  isTicked: boolean,
): Html {
  const id = value === 'yes' ? name : `${name}-${value}`;
  const problem = problems?.[name];
  return html`<div class="tick">
    <input
      type="checkbox"
      id="${id}"
      name="${name}"
      value="${value}"
      ${isTicked && html`checked`}
      ${
        problem !== undefined &&
        html`aria-invalid="true" aria-describedby="${id}-problem" ${firstFault(problems, name)}`
      }
    />
    <label for="${id}">${label}${hint !== undefined && html` <small>${hint}</small>`}</label>
    ${problem !== undefined && html`<p class="problem" id="${id}-problem">${problem}</p>`}
  </div>`;
}

/** A group of boxes with a heading. */
export function group(legend: string, boxes: Content): Html {
  return html`<fieldset>
    <legend>${legend}</legend>
    ${boxes}
  </fieldset>`;
}

/** Says above a form what is wrong, with links to the fields; nothing if all is well. */
export function problemList(problems: Problems): Html | undefined {
  const all = Object.entries(problems);
  if (all.length === 0) return undefined;
  const items = all.map(([name, problem]) =>
    name === '' ? html`<li>${problem}</li>` : html`<li><a href="#${name}">${problem}</a></li>`,
  );
  const isWhole = all.every(([name]) => name === '');
  return html`<div class="alert" role="alert" tabindex="-1" ${isWhole && html`autofocus`}>
    <h2>That was not done</h2>
    <ul>
      ${items}
    </ul>
  </div>`;
}

/** A text for the code in `?done=`, out of those that a page has; undefined for any other code. */
export function textFor(
  texts: Readonly<Record<string, string>>,
  query: URLSearchParams,
): string | undefined {
  const code = query.get('done') ?? '';
  return Object.hasOwn(texts, code) ? texts[code] : undefined;
}

/** Says that something was done. */
export function doneNote(text: Content): Html {
  return html`<p class="done" role="status">${text}</p>`;
}

/** Takes the focus to the first field at fault; only one element of a page may ask for it. */
export function firstFault(problems: Problems | undefined, name: string): Html | undefined {
  const first = Object.keys(problems ?? {}).find((each) => each !== '');
  return first === name ? html`autofocus` : undefined;
}

function around(field: Field, input: Html): Html {
  const { name, label, hint } = field;
  const problem = field.problems?.[name];
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${problem !== undefined && html`<p class="problem" id="${name}-problem">${problem}</p>`}
    ${input}
  </div>`;
}

function described({ name, hint, problems }: Field): Html | undefined {
  const problem = problems?.[name];
  if (hint === undefined && problem === undefined) return undefined;
  const ids = [problem !== undefined && `${name}-problem`, hint !== undefined && `${name}-hint`];
  const by = html`aria-describedby="${ids.filter((id) => id !== false).join(' ')}"`;
  return problem === undefined ? by : html`aria-invalid="true" ${by} ${firstFault(problems, name)}`;
}
