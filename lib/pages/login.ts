import type { Request } from 'express';
import type { Sessions } from '../authenticate/sessions/sessions.js';
import { KapacitorAuthError } from '../errors.js';
import type { Problems } from './fields.js';
import { problemList, textField, textFor } from './fields.js';
import type { Html } from './html.js';
import { html } from './html.js';
import type { Link, Page, Redirect } from './page.js';
import { problemText } from './problem.js';

/** A request of somebody who is not logged in. */
export interface AskedLogin {
  readonly request: Request;
  readonly sessions: Sessions;
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
  readonly link: Link;
  /** Counts a refusal, and tells listeners. */
  readonly report: (error: KapacitorAuthError) => void;
  /** The page to go to after the login, as {@link Link} makes it. */
  readonly next: string;
}

/** Shows the form to log in. */
export function showLogin({ query, link }: AskedLogin): Page {
  return loginPage({ link, query, name: '', problems: {} });
}

/** Logs in, as the API does: throttled, counted and told to listeners. */
export async function logIn(asked: AskedLogin): Promise<Page | Redirect> {
  const { request, sessions, form, query, link, report, next } = asked;
  const name = form.get('name') ?? '';
  try {
    const { value } = await sessions.begin(name, form.get('password') ?? '', request);
    return { to: next, session: value };
  } catch (error) {
    if (!(error instanceof KapacitorAuthError)) throw error;
    report(error);
    return {
      ...loginPage({ link, query, name, problems: problemsOf(error) }),
      // 401 would need a challenge, at which browsers open a dialogue of their own.
      status: error.status === 401 ? 403 : error.status,
      headers: retryAfter(error),
    };
  }
}

function problemsOf(error: KapacitorAuthError): Problems {
  const { code } = error;
  if (code === 'ERR_KAUTH_USERNAME_REQUIRED') return { name: 'Enter a name.' };
  if (code === 'ERR_KAUTH_FAILED') return { '': 'The name or the password is wrong.' };
  return { '': problemText(error) };
}

function retryAfter({ headers }: KapacitorAuthError): Page['headers'] {
  const { 'Retry-After': after } = headers;
  return after === undefined ? {} : { 'Retry-After': after };
}

interface LoginForm {
  readonly link: Link;
  readonly query: URLSearchParams;
  readonly name: string;
  readonly problems: Problems;
}

function loginPage({ link, query, name, problems }: LoginForm): Page {
  const next = query.get('next') ?? undefined;
  const isFirst = Object.keys(problems).length === 0;
  return {
    title: 'Log in',
    body: html`${problemList(problems)}${ended(query)}
      <form method="post" action="${link('/login', { next })}" class="card narrow">
        ${textField({ name: 'name', label: 'Name', value: name, problems, autocomplete: 'username', isFirst })}
        ${textField(
          { name: 'password', label: 'Password', problems, autocomplete: 'current-password' },
          'password',
        )}
        <button>Log in</button>
      </form>`,
  };
}

const ENDED: Readonly<Record<string, string>> = {
  out: 'You are logged out.',
  password: 'Your password is changed: log in with the new one.',
  everywhere: 'You are logged out everywhere.',
  rights: 'Your rights were changed: log in again.',
  disabled: 'Your account is disabled now.',
  deleted: 'Your account is deleted.',
  over: 'Your session is over. What you sent last was not done; log in and do it again.',
};

function ended(query: URLSearchParams): Html | undefined {
  const text = textFor(ENDED, query);
  return text === undefined ? undefined : html`<p class="done" role="status">${text}</p>`;
}
