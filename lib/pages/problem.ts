import type { KapacitorAuthError } from '../errors.js';
import { html } from './html.js';
import type { Page } from './page.js';

const UNEXPOSED: Readonly<Record<number, string>> = {
  503: 'The users can not be reached now. Try again in a moment.',
};

/** The text of an error for people, as a sentence. */
export function problemText({ status, expose, message }: KapacitorAuthError): string {
  if (!expose) return UNEXPOSED[status] ?? 'Something failed. The log of the server tells more.';
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'This request can not be read',
  403: 'You may not do this',
  404: 'There is no such page',
  405: 'This page can not do that',
  409: 'That was not done',
  429: 'Too many attempts',
  503: 'Not available now',
};

/** A page that tells of an error. */
export function problemPage(status: number, text: string): Page {
  const title = TITLES[status] ?? 'Something failed';
  return { status, title, body: html`<p class="card">${text}</p>` };
}

/** A page that tells of an error of this package. */
export function errorPage(error: KapacitorAuthError): Page {
  const status = error.status === 401 ? 403 : error.status;
  return problemPage(status, problemText(error));
}
