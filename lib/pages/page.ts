import type { Request } from 'express';
import type { Session, Sessions } from '../authenticate/sessions/sessions.js';
import type { KapacitorAuthError } from '../errors.js';
import type { KapacitorAuth } from '../kapacitor-auth.js';
import type { AuditTrail } from '../observe/recent-events.js';
import type { KapacitorUser } from '../privileges/user.js';
import type { Html } from './html.js';

/** A request for a page by a user who is logged in, in its parts. */
export interface Asked {
  readonly auth: KapacitorAuth;
  /** The last refusals and changes, of all processes that answer together. */
  readonly audit: Pick<AuditTrail, 'recent'>;
  readonly request: Request;
  /** The user with its rights as of now. */
  readonly user: KapacitorUser;
  /** Undefined if everybody is an administrator: `http.auth-enabled = false`. */
  readonly login: Login | undefined;
  readonly query: URLSearchParams;
  /** The form that was sent; empty unless the method is POST. */
  readonly form: URLSearchParams;
  /** Counts a refusal, and tells listeners. */
  readonly report: (error: KapacitorAuthError) => void;
  /** Makes the address of a page, such as `link('/user', { name })`. Empty values are left out. */
  readonly link: Link;
}

/** The session that a request belongs to, and those that may come. */
export interface Login {
  readonly sessions: Sessions;
  readonly session: Session;
}

/** @param path - below the base path, such as `/users` */
export type Link = (path: string, query?: Readonly<Record<string, string | undefined>>) => string;

/** A page to show. */
export interface Page {
  /** The HTTP status; 200 if left out. */
  readonly status?: number | undefined;
  /** The page's heading, and the title of its window. */
  readonly title: string;
  /** All that stands below the heading. */
  readonly body: Html;
  /** Further header fields. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** The way to another page (303), after something was done. */
export interface Redirect {
  /** The address, as {@link Link} makes it. */
  readonly to: string;
  /**
   * The value of the session from now on: `''` ends it in the browser; left out, it stays as it is.
   */
  readonly session?: string | undefined;
}

/** Answers a request for a page. */
export type ShowPage = (asked: Asked) => Promise<Page | Redirect> | Page | Redirect;
