import { randomBytes } from 'node:crypto';
import type { Problems } from '../fields.js';
import { textField, tickBox } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';

/** A password that was typed, or one to be made. */
export interface NewPassword {
  readonly password: string;
  /** True if it was made here, so that it must be shown. */
  readonly isMade: boolean;
  readonly problems: Problems;
}

/** Random bytes of a password that is made. */
const BYTES = 18;

/** The fields for a new password. What was typed does not come back. */
export function passwordFields(problems: Problems, isMade: boolean): Html {
  return html`${textField(
    {
      name: 'password',
      label: 'New password',
      hint: 'At most 72 bytes; a letter outside of a-z may take several.',
      problems,
      autocomplete: 'new-password',
    },
    'password',
  )}
  ${tickBox({ name: 'generate', label: 'Make a random one instead, and show it once' }, isMade)}`;
}

/** Reads the password out of a form, or makes one. */
export function readPassword(form: URLSearchParams): NewPassword {
  const typed = form.get('password') ?? '';
  if (form.get('generate') !== 'yes') {
    const problems = typed === '' ? { password: 'Enter a password, or let one be made.' } : {};
    return { password: typed, isMade: false, problems };
  }
  if (typed !== '') {
    const password = 'Enter a password or let one be made, not both.';
    return { password: typed, isMade: true, problems: { password } };
  }
  return { password: randomBytes(BYTES).toString('base64url'), isMade: true, problems: {} };
}

/** Shows a password this once. */
export function shownOnce(name: string, password: string): Html {
  return html`<div class="once" role="status">
    <p>The password of <bdi>${name}</bdi>. It is shown only now; nobody can look it up later.</p>
    <code class="secret">${password}</code>
  </div>`;
}
