import { invalidRequest } from '../../invalid-request.js';
import { generatePassword } from '../../manage/generate-password.js';
import type { Problems } from '../fields.js';
import { textField, tickBox } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import { PASSWORD_HINT } from '../password-hint.js';

/** A new password. */
export interface NewPassword {
  readonly password: string;
  /** True if it was made here, and is to be shown once. */
  readonly isMade: boolean;
}

/** Reads the new password of a form, or makes one. @throws InvalidRequestError */
export function newPassword(form: URLSearchParams): NewPassword {
  const password = form.get('password') ?? '';
  if (form.get('generate') !== 'yes') {
    if (password === '') throw invalidRequest('password is required');
    return { password, isMade: false };
  }
  if (password !== '') {
    throw invalidRequest('password: type one, or let one be made, but not both');
  }
  return { password: generatePassword(), isMade: true };
}

/** The fields for a new password. */
export function passwordFields(problems: Problems, isGenerated: boolean): Html {
  return html`${textField(
    {
      name: 'password',
      label: 'New password',
      hint: PASSWORD_HINT,
      problems,
      autocomplete: 'new-password',
    },
    'password',
  )}
  ${tickBox({ name: 'generate', label: 'Make a password, and show it once' }, isGenerated)}`;
}

/** Shows a password this once. */
export function shownOnce(name: string, password: string): Html {
  return html`<div class="once" role="status">
    <h2>The new password of <bdi>${name}</bdi></h2>
    <p>It is shown only this once: copy it now.</p>
    <code class="secret">${password}</code>
  </div>`;
}
