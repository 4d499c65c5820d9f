import type { Request, Response, Router } from 'express';
import type { Sessions } from '../authenticate/sessions/sessions.js';
import { sessionsOf } from '../authenticate/sessions/sessions-of.js';
import type { KapacitorAuthError } from '../errors.js';
import { AuthorizationError } from '../errors.js';
import type { AnswerPolicy } from '../express/answer-policy.js';
import { isRefusal } from '../express/answer-policy.js';
import { refuseOther } from '../express/own-policy.js';
import type { KapacitorAuth } from '../kapacitor-auth.js';
import { lazy } from '../lazy.js';
import type { AuditTrail } from '../observe/recent-events.js';
import { answerVisit } from './answer-visit.js';
import { sessionCookie } from './cookie.js';
import { sendFile } from './files.js';
import { layout } from './layout.js';
import { linkBelow } from './link.js';
import type { OwnOrigin } from './own-origin.js';
import { ownOrigin } from './own-origin.js';
import type { Page, Redirect } from './page.js';
import { errorPage, problemPage } from './problem.js';
import { protect, sendHtml, sendOn } from './send.js';
import { STYLE_VERSION } from './style.js';
import type { Visit } from './visit.js';
import type { Known } from './visitor-of.js';
import { visitorOf } from './visitor-of.js';

/** Parts of {@link pagesRouter}. */
export interface PagesParts {
  readonly auth: KapacitorAuth;
  readonly policy: AnswerPolicy;
  readonly basePath: string;
  readonly origin: string;
  readonly audit: Pick<AuditTrail, 'recent'>;
  /** Undefined if sessions are of this process alone. */
  readonly sessionKey: string | undefined;
}

/** Answers everything below the base path, in exactly this case; other requests pass. */
export function pagesRouter(given: PagesParts): Router {
  const { policy, basePath } = given;
  const parts = { ...given, sessions: policy.admitsAll ? undefined : sessionsFor(given) };
  return lazy
    .express()
    .Router()
    .use(function adminPages(request, response, next) {
      const rest = request.url.slice(basePath.length);
      if (!request.url.startsWith(basePath) || !/^(?:$|[/?])/.test(rest)) {
        next();
        return;
      }
      answer(parts, rest, [request, response]).catch(next);
    });
}

type OpenParts = PagesParts & {
  /** Undefined if everybody is an administrator: `http.auth-enabled = false`. */
  readonly sessions: Sessions | undefined;
};

function sessionsFor({ auth, sessionKey }: PagesParts): Sessions {
  const sessions = sessionsOf(auth);
  if (sessions === undefined) refuseOther('adminPages', 'app.use(adminPages(auth))');
  if (sessionKey !== undefined) sessions.useKey(sessionKey);
  return sessions;
}

const NEEDS_TLS =
  'These pages need TLS: without it, your password and your session could be read on their way. Open them by an address that begins with "https://", or on the server itself at "http://localhost". If a proxy in front of this server speaks TLS, its operator should read how it can say so in the documentation of the pages.';

async function answer(
  parts: OpenParts,
  rest: string,
  [request, response]: readonly [Request, Response],
): Promise<void> {
  protect(response);
  const { path, query } = split(rest);
  const link = linkBelow(request.baseUrl + parts.basePath);
  if (path === '') {
    sendOn(response, link('/'));
    return;
  }
  if (sendFile(path, response)) return;
  const show: Show = (page, visitor) => {
    for (const [name, value] of Object.entries(page.headers ?? {})) response.setHeader(name, value);
    const style = link('/style.css', { v: STYLE_VERSION });
    const frame = { link, style, path, visitor: visitor && { ...visitor, auth: parts.auth } };
    sendHtml(response, page.status ?? 200, layout(page, frame));
  };
  const own = ownOrigin(request, parts.origin);
  if (own === undefined || !(own.isSecure || own.isLoopback)) {
    show(problemPage(403, NEEDS_TLS));
    return;
  }
  await answerSafely(parts, { request, response, path, query, link, own, show });
}

/** Sends a page to somebody, or to nobody in particular. */
type Show = (page: Page, visitor?: Known) => void;

type Arrived = Pick<Visit, 'request' | 'path' | 'query' | 'link'> & {
  readonly response: Response;
  readonly own: OwnOrigin;
  readonly show: Show;
};

async function answerSafely(
  { auth, policy, sessions, audit }: OpenParts,
  { response, own, show, ...visit }: Arrived,
): Promise<void> {
  const { request } = visit;
  const { origin } = own;
  const cookie = sessionCookie(own);
  const report = (error: KapacitorAuthError): void => {
    policy.report(error, request);
  };
  let known: Known | undefined;
  try {
    known = await visitorOf(request, cookie, sessions);
    if (known !== undefined) request[policy.property] = known.user;
    const answered = await answerVisit(
      { ...visit, auth, sessions, audit, cookie, origin, report },
      known,
    );
    const value = valueFor(answered, known);
    if (value !== undefined) response.appendHeader('Set-Cookie', cookie.set(value));
    if ('to' in answered) sendOn(response, answered.to);
    else show(answered, known);
  } catch (error) {
    // A mistake of the app is for its own error handler.
    if (!isRefusal(error)) throw error;
    if (error instanceof AuthorizationError) report(error);
    show(errorPage(error), known);
  }
}

/** The value that the browser should keep from now on; undefined if that stays. */
function valueFor(answered: Page | Redirect, known: Known | undefined): string | undefined {
  const given = 'to' in answered ? answered.session : undefined;
  return given ?? known?.login?.session.renewed;
}

function split(rest: string): { path: string; query: URLSearchParams } {
  const mark = rest.indexOf('?');
  if (mark === -1) return { path: rest, query: new URLSearchParams() };
  return { path: rest.slice(0, mark), query: new URLSearchParams(rest.slice(mark + 1)) };
}
