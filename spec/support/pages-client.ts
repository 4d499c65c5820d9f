import { createServer } from 'node:http';
import type { Express } from 'express';
import express5 from 'express';
import type { Agent, Response, Test } from 'supertest';
import { agent } from 'supertest';
import type { AdminPagesOptions, KapacitorAuth } from '../../lib/index.js';
import { adminPages } from '../../lib/index.js';

/** A browser without a window: it keeps its cookies, and sends forms as pages of ours would. */
export interface PagesClient {
  readonly agent: Agent;
  readonly app: Express;
  /** Asks for a page by its path below the base path. */
  get(path: string): Test;
  /** Sends a form from a page of the same origin. */
  post(path: string, form?: FormFields): Test;
  /** Logs in by the form. */
  logIn(name: string, password: string): Promise<Response>;
}

/** The fields of a form; one of several values is a list. */
export type FormFields = Readonly<Record<string, string | readonly string[]>>;

/** Opens a client of an app; it has no cookie yet. */
export function pagesClient(app: Express, basePath = '/admin'): PagesClient {
  // Each request comes over another port, which the cookie's name would hold.
  const client = agent(createServer(app)).set('Host', 'localhost');
  const post = (path: string, form: FormFields = {}): Test =>
    client
      .post(basePath + path)
      .set('Sec-Fetch-Site', 'same-origin')
      .type('form')
      .send(encodeForm(form));
  return {
    agent: client,
    app,
    get: (path) => client.get(basePath + path),
    post,
    logIn: async (name, password) => post('/login', { name, password }),
  };
}

/** An app that shows the pages, and nothing else. */
export function pagesApp(
  auth: KapacitorAuth,
  options: AdminPagesOptions = {},
  express: typeof express5 = express5,
): Express {
  return express().use(adminPages(auth, options));
}

/** A client of such an app, as a user who is logged in. */
export async function loggedIn(
  auth: KapacitorAuth,
  name: string,
  password: string,
): Promise<PagesClient> {
  const client = pagesClient(pagesApp(auth));
  await client.logIn(name, password).then(({ status, text }) => {
    if (status !== 303) throw new Error(`the login of ${name} failed: ${text}`);
  });
  return client;
}

/** The text that a page shows, without markup, in one line. */
export function textOf({ text }: Pick<Response, 'text'>): string {
  const bare = text
    .replace(/<head>[^]*<\/head>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');
  return ENTITIES.reduce((each, [entity, sign]) => each.replaceAll(entity, sign), bare).trim();
}

const ENTITIES: readonly (readonly [string, string])[] = [
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&amp;', '&'],
];

function encodeForm(form: FormFields): string {
  const fields = new URLSearchParams();
  for (const [name, given] of Object.entries(form)) {
    for (const value of [given].flat()) fields.append(name, value);
  }
  return fields.toString();
}
