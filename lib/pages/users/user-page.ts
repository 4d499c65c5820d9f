import type { UserInfo } from '../../manage/user-forms.js';
import { resolveUser } from '../../privileges/user.js';
import type { Problems } from '../fields.js';
import { doneNote, problemList, textFor, tickBox } from '../fields.js';
import type { Content, Html } from '../html.js';
import { html } from '../html.js';
import type { Asked, Page } from '../page.js';
import { shownTime } from '../time.js';
import { effectiveRights } from './effective-rights.js';
import { mayAsk, mayChange } from './managed-users.js';
import { isOwn, ownTick } from './own-user.js';
import { passwordFields } from './password-fields.js';
import type { TypedRights } from './rights-form.js';
import { markOf, rightsFields, typedRights } from './rights-form.js';
import { typeWord } from './type-word.js';
import { wantedRights } from './wanted-rights.js';

/** The forms on the page of a user, by the ends of their addresses. */
export type UserForm = 'rights' | 'password' | 'sessions' | 'delete';

/** The outcome of a form on the page. */
export interface UserPageState {
  readonly status?: number | undefined;
  /** The form that was refused. */
  readonly refused?: UserForm | undefined;
  readonly problems?: Problems | undefined;
  /** The rights that were typed. */
  readonly rights?: TypedRights | undefined;
  /** The rights that were wanted of a user that somebody else changed meanwhile. */
  readonly wanted?: TypedRights | undefined;
  /** Stands above everything. */
  readonly note?: Content;
}

const DONE: Readonly<Record<string, string>> = {
  created: 'The user was added.',
  rights: 'The rights were saved.',
  password: 'The password was changed. All sessions of the user are over.',
  sessions: 'All sessions of the user on these pages are over.',
};

/** Shows one user, with the forms for what the reader may change. */
export function userPage(asked: Asked, user: UserInfo, state: UserPageState = {}): Page {
  const { status, problems = {}, note, wanted } = state;
  const mayPatch = mayChange(asked, 'PATCH', user);
  const mayDelete = mayChange(asked, 'DELETE', user);
  return {
    status,
    title: `User ${user.name}`,
    body: html`${note} ${problemList(problems)} ${waysOn(asked, user)} ${doneOf(asked, state)}
      ${!mayPatch && html`<p>You may look at this user, but not change it.</p>`}
      <div class="columns">
        <section class="card">
          <h2>${mayPatch ? 'As it is now' : 'Rights'}</h2>
          ${summary(user)}
          <h2>What the user may do</h2>
          ${effectiveRights(resolveUser(user, 'local'))}
        </section>
        ${wanted !== undefined && wantedRights(user, wanted)}
        ${mayPatch && rightsFormOf(asked, user, state)}
      </div>
      ${(mayPatch || mayDelete) && otherForms(asked, user, { ...state, mayPatch, mayDelete })}`,
  };
}

function summary({ type, permissions, grants = [], disabled, created, changed }: UserInfo): Html {
  return html`<dl>
    <dt>Type</dt>
    <dd>${typeWord(type)}</dd>
    ${type !== 'admin' && heldRights(permissions, grants)}
    <dt>Login</dt>
    <dd>${disabled === true ? html`<span class="tag bad">disabled</span>` : 'allowed'}</dd>
    ${
      created !== undefined &&
      html`<dt>Added</dt>
        <dd>${shownTime(created)}</dd>`
    }
    ${
      changed !== undefined &&
      html`<dt>Changed</dt>
        <dd>${shownTime(changed)}</dd>`
    }
  </dl>`;
}

function heldRights(permissions: readonly string[], grants: readonly string[]): Html {
  const none = 'none';
  return html`<dt>Permissions</dt>
    <dd>${permissions.join(', ') || none}</dd>
    <dt>Grants</dt>
    <dd>
      ${grants.length === 0 ? none : grants.map((each) => html`<code>${each}</code><br />`)}
    </dd>`;
}

function doneOf({ query }: Asked, { status, note }: UserPageState): Html | undefined {
  const done = textFor(DONE, query);
  const isShown = status === undefined && note === undefined && done !== undefined;
  return isShown ? doneNote(done) : undefined;
}

/** Tells readers that they are this user, and links to what is near. */
function waysOn(asked: Asked, { name }: UserInfo): Html {
  const { link, user, login } = asked;
  const isSelf = isOwn(asked, name);
  return html`${
      isSelf &&
      html`<p><strong>This is you.</strong> <a href="${link('/account')}">Your account</a></p>`
    }
    <p>
      ${mayAsk(asked, { method: 'GET' }) && html`<a href="${link('/users')}">All users</a> · `}
      ${(isSelf || (user.admin && login !== undefined)) && html`<a href="${link('/why', { user: name })}">Why refused?</a>`}
    </p>`;
}

function rightsFormOf(asked: Asked, user: UserInfo, state: UserPageState): Html {
  const { name } = user;
  const { rights, problems = {} } = state.refused === 'rights' ? state : {};
  if (rights === undefined) {
    return rightsForm(asked, { name, was: markOf(user), rights: typedRights(user), problems });
  }
  // The new mark would let what was typed overwrite a change that nobody has seen.
  return rightsForm(asked, { name, was: asked.form.get('was') ?? '', rights, problems });
}

/** A form for the rights of a user. */
export interface RightsForm {
  readonly name: string;
  /** The mark of the rights that the form was made from. */
  readonly was: string;
  readonly rights: TypedRights;
  readonly problems: Problems;
}

/** The form for the rights of a user. */
export function rightsForm(asked: Asked, { name, was, rights, problems }: RightsForm): Html {
  return html`<form method="post" action="${asked.link('/user/rights', { name })}" class="card">
    <h2>Change rights</h2>
    <input type="hidden" name="was" value="${was}" />
    ${rightsFields(rights, problems)} ${isOwn(asked, name) && ownTick('own-rights', problems)}
    <button>Save rights</button>
  </form>`;
}

interface OtherForms extends UserPageState {
  readonly mayPatch: boolean;
  readonly mayDelete: boolean;
}

function otherForms(
  asked: Asked,
  { name }: UserInfo,
  { refused, problems = {}, mayPatch, mayDelete }: OtherForms,
): Html {
  const at = (wanted: UserForm): Problems => (refused === wanted ? problems : {});
  const { link } = asked;
  const isSelf = isOwn(asked, name);
  return html`<div class="columns">
    ${
      mayPatch &&
      html`${isSelf ? ownPassword(asked) : passwordForm(asked, name, at('password'))}
        <form method="post" action="${link('/user/sessions', { name })}" class="card">
          <h2>Sessions</h2>
          <p>
            Logs ${isSelf ? 'you' : 'the user'} out of these pages everywhere. The password stays.
          </p>
          <button class="quiet">End all sessions</button>
        </form>`
    }
    ${
      mayDelete &&
      html`<form method="post" action="${link('/user/delete', { name })}" class="card">
        <h2>Delete the user</h2>
        ${tickBox({ name: 'sure', label: 'Yes, delete it for good', problems: at('delete') }, false)}
        ${isSelf && ownTick('own-delete', at('delete'))}
        <button class="danger">Delete user</button>
      </form>`
    }
  </div>`;
}

function passwordForm({ link, form }: Asked, name: string, problems: Problems): Html {
  return html`<form method="post" action="${link('/user/password', { name })}" class="card">
    <h2>Set a password</h2>
    ${passwordFields(problems, form.get('generate') === 'yes')}
    <button>Set password</button>
  </form>`;
}

function ownPassword({ link }: Asked): Html {
  return html`<section class="card" aria-labelledby="own-password">
    <h2 id="own-password">Your password</h2>
    <p>You change it with the old one, at <a href="${link('/account')}">Your account</a>.</p>
  </section>`;
}
