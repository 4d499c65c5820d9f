import { cookieValues } from './cookie.js';
import { LONGEST_FORM, readForm } from './form.js';
import { logIn, showLogin } from './login.js';
import { addressToRemember, formPage, nextPage } from './next-page.js';
import type { Asked, Page, Redirect } from './page.js';
import { problemPage } from './problem.js';
import { ROUTES } from './routes.js';
import { judgeSameOrigin } from './same-origin.js';
import { mayAsk } from './users/managed-users.js';
import type { Visit } from './visit.js';
import type { Known } from './visitor-of.js';
import { visitorOf } from './visitor-of.js';

/** Answers a visit, apart from its form around and its errors. */
export async function answerVisit(
  visit: Visit,
  known: Known | undefined,
): Promise<Page | Redirect> {
  const { request, path, origin } = visit;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (method !== 'GET' && method !== 'POST') return notAllowed(['GET', 'HEAD', 'POST']);
  if (method === 'POST') judgeSameOrigin(request, origin);
  if (path === '/login') return atLogin(visit, method, known);
  if (path === '/logout' && method === 'POST') return logOut(visit);
  return known === undefined ? toLogin(visit, method) : answerUser(visit, method, known);
}

async function answerUser(
  visit: Visit,
  method: 'GET' | 'POST',
  known: Known,
): Promise<Page | Redirect> {
  const { request, path, link } = visit;
  if (path === '/') return { to: link(startFor(visit, known)) };
  const route = ROUTES.get(path);
  if (route === undefined) return problemPage(404, 'There is no page at this address.');
  const show = route[method];
  if (show === undefined) return notAllowed(Object.keys(route));
  if (method === 'GET') return show(askedBy(visit, known, new URLSearchParams()));
  const form = await readForm(request, LONGEST_FORM);
  // The session may have ended while the form was on its way.
  const still = await visitorOf(request, visit.cookie, visit.sessions);
  return still === undefined ? toLogin(visit, method) : show(askedBy(visit, still, form));
}

function askedBy(visit: Visit, known: Known, form: URLSearchParams): Asked {
  const { auth, audit, request, query, link, report } = visit;
  return { auth, audit, request, query, form, link, report, ...known };
}

async function atLogin(
  { sessions, request, query, link, report }: Visit,
  method: 'GET' | 'POST',
  known: Known | undefined,
): Promise<Page | Redirect> {
  const next = nextPage(link, query.get('next'));
  if (sessions === undefined) return { to: link('/') };
  const asked = { request, sessions, query, link, report, next };
  if (method === 'GET') {
    if (known !== undefined) return { to: next };
    return showLogin({ ...asked, form: new URLSearchParams() });
  }
  return logIn({ ...asked, form: await readForm(request) });
}

/** Ends every session of ours that the browser sent, also one that doesn't count just now. */
async function logOut({ request, cookie, sessions, link }: Visit): Promise<Redirect> {
  for (const value of cookieValues(request.headers.cookie, cookie.name)) await sessions?.end(value);
  return { to: link('/login', { done: 'out' }), session: '' };
}

function toLogin({ path, query, link }: Visit, method: 'GET' | 'POST'): Redirect {
  const next = addressToRemember(method === 'POST' ? formPage(path) : path, query);
  return { to: link('/login', { ...(method === 'POST' && { done: 'over' }), next }) };
}

function startFor({ auth }: Visit, { user, login }: Known): string {
  if (auth.users !== undefined && mayAsk({ user }, { method: 'GET' })) return '/users';
  return login === undefined ? '/why' : '/account';
}

function notAllowed(methods: readonly string[]): Page {
  const page = problemPage(405, 'This address does not take such a request.');
  return { ...page, headers: { Allow: methods.join(', ') } };
}
