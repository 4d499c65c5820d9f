import { coversUser } from '../../express/users-api/escalation.js';
import type { UserInfo } from '../../manage/user-forms.js';
import { resolveUser } from '../../privileges/user.js';
import { effectiveRights } from '../effective-rights.js';
import type { Problems } from '../fields.js';
import { doneNote, problemList, tickBox } from '../fields.js';
import type { Content, Html } from '../html.js';
import { html } from '../html.js';
import type { Asked, Page } from '../page.js';
import type { FoundUser } from './found-user.js';
import { foundUser } from './found-user.js';
import { mayAsk, urlOf } from './may-ask.js';
import { passwordFields } from './password-fields.js';
import type { RightsForm } from './rights-form.js';
import { rightsFields, rightsOf, versionOf } from './rights-form.js';

/** What a form was refused for, to show with the user. */
export interface RefusedForm {
  readonly status: number;
  readonly problems: Problems;
  /** The rights as they were filled in; those of the user if left out. */
  readonly rights?: RightsForm | undefined;
  /** True if a random password was asked for. */
  readonly isMade?: boolean | undefined;
}

const DONE: Readonly<Record<string, string>> = {
  added: 'The user was added.',
  rights: 'The rights were changed. They count from the next request.',
  password: 'The password was changed, and all sessions of this user have ended.',
  sessions: 'All sessions of this user have ended.',
};

/** Shows a user, with all that may be done to it. */
export async function showUser(asked: Asked): Promise<Page> {
  return userPage(asked, await foundUser(asked));
}

/** The page of a user, perhaps with a form that was refused. */
export function userPage(asked: Asked, found: FoundUser, refused?: RefusedForm): Page {
  const { query, link } = asked;
  const { name } = found;
  const done = refused === undefined ? DONE[query.get('done') ?? ''] : undefined;
  const problems = refused?.problems ?? {};
  return {
    status: refused?.status,
    title: `User ${name}`,
    body: html`${done !== undefined && doneNote(done)} ${problemList(problems)}
      ${found.info === undefined ? damagedUser(found.problem) : soundUser(asked, found.info, refused)}
      <p><a href="${link('/users')}">All users</a></p>`,
  };
}

function damagedUser(problem: string): Html {
  return html`<p class="alert">
    This user is damaged, so that nobody can log in as it: ${problem}. An operator can delete it on
    the command line, by <code>kapacitor-auth users rm</code>.
  </p>`;
}

function soundUser(asked: Asked, info: UserInfo, refused: RefusedForm | undefined): Html {
  const { user } = asked;
  const { name } = info;
  const url = urlOf(name);
  const resolved = resolveUser(info, 'local');
  const isCovered = coversUser(user, resolved);
  const mayChange = isCovered && mayAsk(user, { method: 'PATCH', url });
  const mayDelete = isCovered && mayAsk(user, { method: 'DELETE', url });
  const problems = refused?.problems ?? {};
  return html`${!isCovered && html`<p class="card">This user may do more than you, so you can not change it.</p>`}
    <div class="columns">
      <div>
        ${mayChange ? rightsCard(asked, info, refused) : plainRights(info)}
        ${mayChange && passwordCard(asked, name, refused)}
      </div>
      <div>
        <section class="card">
          <h2>Effective rights</h2>
          ${info.disabled === true && html`<p>None while disabled; once enabled:</p>`}
          ${effectiveRights(resolved)}
        </section>
        ${times(info)} ${mayChange && sessionsCard(asked, name)}
        ${mayDelete && deletion(asked, name, problems)}
      </div>
    </div>`;
}

function card(title: string, content: Content): Html {
  return html`<section class="card">
    <h2>${title}</h2>
    ${content}
  </section>`;
}

function rightsCard({ link }: Asked, info: UserInfo, refused: RefusedForm | undefined): Html {
  const rights = refused?.rights ?? rightsOf(info);
  return card(
    'Rights',
    html`<form method="post" action="${link('/user/rights', { name: info.name })}">
      <input type="hidden" name="version" value="${versionOf(info)}" />
      ${rightsFields(rights, refused?.problems ?? {})}
      <button>Save rights</button>
    </form>`,
  );
}

function plainRights({ type, permissions, grants = [], disabled }: UserInfo): Html {
  return card(
    'Rights',
    html`<dl>
      <dt>Type</dt>
      <dd>${type === 'admin' ? 'Administrator' : 'Normal'}</dd>
      <dt>Permissions</dt>
      <dd>${permissions.join(', ') || 'none'}</dd>
      <dt>Grants</dt>
      <dd>${grants.join(', ') || 'none'}</dd>
      <dt>Login</dt>
      <dd>${disabled === true ? 'disabled' : 'enabled'}</dd>
    </dl>`,
  );
}

function passwordCard({ link }: Asked, name: string, refused: RefusedForm | undefined): Html {
  return card(
    'Password',
    html`<form method="post" action="${link('/user/password', { name })}">
      ${passwordFields(refused?.problems ?? {}, refused?.isMade ?? false)}
      <button>Change the password</button>
    </form>`,
  );
}

function times({ created, changed }: UserInfo): Html | undefined {
  if (created === undefined && changed === undefined) return undefined;
  const time = (text: string): Html =>
    html`<time datetime="${text}">${text.slice(0, 16).replace('T', ' ')} UTC</time>`;
  return card(
    'Times',
    html`<dl>
      ${
        created !== undefined &&
        html`<dt>Added</dt>
          <dd>${time(created)}</dd>`
      }
      ${
        changed !== undefined &&
        html`<dt>Last changed</dt>
          <dd>${time(changed)}</dd>`
      }
    </dl>`,
  );
}

function sessionsCard({ link }: Asked, name: string): Html {
  return card(
    'Sessions',
    html`<form method="post" action="${link('/user/sessions', { name })}">
      <p>Logs this user out of these pages everywhere. Passwords and tokens stay as they are.</p>
      <button class="quiet">End all sessions</button>
    </form>`,
  );
}

function deletion({ link }: Asked, name: string, problems: Problems): Html {
  return card(
    'Delete',
    html`<form method="post" action="${link('/user/delete', { name })}">
      ${tickBox({ name: 'sure', label: html`Delete <bdi>${name}</bdi> for good`, problems }, false)}
      <button class="danger">Delete the user</button>
    </form>`,
  );
}
