import { randomInt } from 'node:crypto';
import { invalidRequest } from '../../invalid-request.js';
import type { Problems } from '../fields.js';
import { textField, tickBox } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';

/** Letters and digits that people don't mistake for others: no i, l, o, 0, 1. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Seven groups of four make 138 bits. */
const GROUPS = 7;
const LENGTH = 4;

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
  const part = (): string =>
    Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return { password: Array.from({ length: GROUPS }, part).join('-'), isMade: true };
}

/** The fields for a new password. */
export function passwordFields(problems: Problems, isGenerated: boolean): Html {
  return html`${textField(
    {
      name: 'password',
      label: 'New password',
      hint: 'At most 72 bytes',
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
