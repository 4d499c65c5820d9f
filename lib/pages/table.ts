import type { Content, Html } from './html.js';
import { html } from './html.js';

/** A table with one line of headings. */
export interface Table {
  /** Says what the lines are; none if left out. */
  readonly caption?: string | undefined;
  readonly heads: readonly string[];
  readonly rows: Content;
  /** `stack` shows each line as lines on narrow screens, `rights` stays a table. */
  readonly layout?: 'stack' | 'rights' | undefined;
}

/** Shows a table. */
export function table({ caption, heads, rows, layout = 'stack' }: Table): Html {
  return html`<div class="scroll">
    <table class="${layout}">
      ${
        caption !== undefined &&
        html`<caption>
          ${caption}
        </caption>`
      }
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
