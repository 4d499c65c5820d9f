import { doneNote, textFor } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked, Page } from '../page.js';
import { problemPage } from '../problem.js';
import { effectiveRights } from '../users/effective-rights.js';
import { typeWord } from '../users/type-word.js';
import { passwordCard } from './password-card.js';

const DONE: Readonly<Record<string, string>> = {
  password: 'Your password is changed. You are logged out everywhere but here.',
};

/** Shows users their own account. */
export function showAccount(asked: Asked): Page {
  return accountPage(asked, {});
}

/** The page of the account, with the mistakes in its form. */
export function accountPage(asked: Asked, problems: Readonly<Record<string, string>>): Page {
  const { user, login, query, auth } = asked;
  if (login === undefined) return problemPage(404, 'Nobody has an account: authentication is off.');
  const done = textFor(DONE, query);
  return {
    title: 'Your account',
    body: html`${done !== undefined && doneNote(done)} ${about(asked)}
      <section class="card" aria-labelledby="rights">
        <h2 id="rights">What you may do</h2>
        ${effectiveRights(user)}
      </section>
      <div class="columns">
        ${auth.users === undefined ? elsewhere(user.source) : passwordCard(asked, problems)}
        ${auth.users !== undefined && everywhereCard(asked)}
      </div>`,
  };
}

function about({ user: { name, type, permissions, grants } }: Asked): Html {
  const tags = (texts: readonly string[]): Html =>
    texts.length === 0
      ? html`none`
      : html`${texts.map((each) => html`<span class="tag">${each}</span> `)}`;
  return html`<section class="card" aria-labelledby="about">
    <h2 id="about">Who you are</h2>
    <dl>
      <dt>Name</dt>
      <dd><bdi>${name}</bdi></dd>
      <dt>Type</dt>
      <dd>${typeWord(type)}</dd>
      ${
        type !== 'admin' &&
        html`<dt>Permissions</dt>
          <dd>${tags(permissions)}</dd>
          <dt>Grants</dt>
          <dd>${tags(grants)}</dd>`
      }
    </dl>
  </section>`;
}

function elsewhere(source: string): Html {
  const place =
    source === 'meta' ? 'on the meta nodes of InfluxDB Enterprise' : 'where users are kept';
  return html`<section class="card" aria-labelledby="password-title">
    <h2 id="password-title">Your password</h2>
    <p>It is changed ${place}, not here.</p>
  </section>`;
}

function everywhereCard({ link }: Asked): Html {
  return html`<section class="card" aria-labelledby="everywhere">
    <h2 id="everywhere">Log out everywhere</h2>
    <p>Ends all your sessions on these pages, in this browser and in all others.</p>
    <form method="post" action="${link('/account/sessions')}">
      <button class="quiet">Log out everywhere</button>
    </form>
  </section>`;
}
