import type { Html } from './html.js';
import { html } from './html.js';
import type { Asked, Link, Page } from './page.js';
import { mayAsk } from './users/managed-users.js';

/** The reader of a page; undefined before the login. */
export type Visitor = Pick<Asked, 'user' | 'login' | 'auth'>;

/** The frame around all pages. */
export interface Frame {
  readonly link: Link;
  /** The address of the style sheet. */
  readonly style: string;
  readonly visitor: Visitor | undefined;
  /** The path of this page below the base path. */
  readonly path: string;
}

/** Writes a whole document around a page. */
export function layout({ title, body }: Page, frame: Frame): Html {
  const { link, style, visitor } = frame;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Kapacitor users</title>
        <link rel="stylesheet" href="${style}" />
        <link rel="icon" href="${link('/icon.svg')}" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        ${visitor === undefined ? bareHeader() : header(frame, visitor)}
        <main id="main" tabindex="-1">
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}

function bareHeader(): Html {
  return html`<header>
    <p class="brand">Kapacitor users</p>
  </header>`;
}

function header(frame: Frame, visitor: Visitor): Html {
  const { link, path } = frame;
  const items = navigation(visitor).map(
    ([target, text]) =>
      html`<li>
        <a href="${link(target)}" ${current(target, path)}>${text}</a>
      </li>`,
  );
  return html`<header>
    <p class="brand">Kapacitor users</p>
    <nav aria-label="Pages">
      <ul>
        ${items}
      </ul>
    </nav>
    ${
      visitor.login !== undefined &&
      html`<form method="post" action="${link('/logout')}" class="who">
        <span>Logged in as <bdi>${visitor.user.name}</bdi></span>
        <button class="quiet">Log out</button>
      </form>`
    }
  </header>`;
}

/** Marks the page itself, and the one that it belongs to. */
function current(target: string, path: string): Html | undefined {
  if (path === target) return html` aria-current="page"`;
  const isPart = path.startsWith(`${target}/`) || (target === '/users' && /^\/user\b/.test(path));
  return isPart ? html` aria-current="true"` : undefined;
}

function navigation({ user, login, auth }: Visitor): readonly (readonly [string, string])[] {
  const all: readonly (readonly [string, string, boolean])[] = [
    ['/users', 'Users', auth.users !== undefined && mayAsk({ user }, { method: 'GET' })],
    ['/subscriptions', 'Subscriptions', auth.subscriptions !== undefined && user.admin],
    ['/why', 'Why refused?', true],
    ['/audit', 'Audit', user.admin],
    ['/account', 'Your account', login !== undefined],
  ];
  return all.filter(([, , isShown]) => isShown).map(([target, text]) => [target, text]);
}
