import { InvalidRequestError } from '../../errors.js';
import { judgeUsersRequest } from '../../express/users-api/users-path.js';
import type { UserInfo } from '../../manage/user-forms.js';
import { PERMISSIONS } from '../../privileges/permission.js';
import type { KapacitorUser } from '../../privileges/user.js';
import type { Problems } from '../fields.js';
import { choiceField, doneNote, problemList, textField } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked, Link, Page } from '../page.js';
import { problemText } from '../problem.js';
import type { FoundUsers } from './find-users.js';
import { findUsers } from './find-users.js';
import type { ListForm } from './list-query.js';
import { listFormOf, selectionOf } from './list-query.js';
import { mayAsk } from './may-ask.js';
import { usersIn } from './users-in.js';

const NOTHING: FoundUsers = { users: [], unusable: [], next: undefined, isPartial: false };

/** Lists users, 50 a page. */
export async function listUsers({ auth, user, query, link }: Asked): Promise<Page> {
  judgeUsersRequest(user, { method: 'GET', url: '/' });
  const users = usersIn(auth);
  const form = listFormOf(query);
  const selection = selectionOf(form);
  let { problems } = selection;
  let found = NOTHING;
  if (Object.keys(problems).length === 0) {
    try {
      found = await findUsers(users, form, selection);
    } catch (error) {
      if (!(error instanceof InvalidRequestError)) throw error;
      problems = { find: problemText(error) };
    }
  }
  const isWrong = Object.keys(problems).length > 0;
  return {
    title: 'Users',
    ...(isWrong && { status: 400 }),
    body: html`${query.get('done') === 'deleted' && doneNote('The user was deleted.')}
    ${problemList(problems)} ${search(form, problems, link)}
    ${!isWrong && result(found, form, { user, link })}`,
  };
}

function search(form: ListForm, problems: Problems, link: Link): Html {
  const { find, type, permission, grant, state } = form;
  const any = ['', 'Any'] as const;
  return html`<form method="get" action="${link('/users')}" class="card bar" role="search">
    ${textField(
      {
        name: 'find',
        label: 'Name',
        hint: 'its beginning, or a pattern: *amy*',
        value: find,
        problems,
      },
      'search',
    )}
    ${choiceField({ name: 'type', label: 'Type', value: type }, [
      any,
      ['admin', 'Administrator'],
      ['normal', 'Normal'],
    ])}
    ${choiceField({ name: 'permission', label: 'Permission', value: permission }, [
      any,
      ...PERMISSIONS.map((each) => [each, each] as const),
    ])}
    ${choiceField({ name: 'state', label: 'Login', value: state }, [
      any,
      ['enabled', 'Enabled'],
      ['disabled', 'Disabled'],
    ])}
    ${textField({ name: 'grant', label: 'Grant', hint: 'read:database/telegraf', value: grant, problems })}
    <button>Find</button>
  </form>`;
}

interface Reader {
  readonly user: KapacitorUser;
  readonly link: Link;
}

function result(found: FoundUsers, form: ListForm, { user, link }: Reader): Html {
  const { users, unusable, next, isPartial } = found;
  const isFirst = form.after === '';
  return html`<div class="card">
    <div class="head">
      <h2>${isFirst ? 'Found' : html`After <bdi>${form.after}</bdi>`}</h2>
      ${
        mayAsk(user, { method: 'POST', url: '/' }) &&
        html`<a class="button" href="${link('/users/new')}">Add a user</a>`
      }
    </div>
    ${users.length === 0 ? empty(form, isPartial) : table(users, link)} ${damaged(unusable)}
    ${
      (!isFirst || next !== undefined) &&
      html`<p class="pager">
        ${!isFirst && html`<a href="${link('/users', { ...form, after: '' })}">First page</a>`}
        ${
          next !== undefined &&
          html`<a href="${link('/users', { ...form, after: next })}"
            >${isPartial ? 'Look further' : 'Next page'}</a
          >`
        }
      </p>`
    }
  </div>`;
}

function empty(form: ListForm, isPartial: boolean): Html {
  if (isPartial) return html`<p class="empty">None among the users looked through so far.</p>`;
  const isAll = Object.values(form).every((value) => value === '');
  return html`<p class="empty">${isAll ? 'There are no users.' : 'No user is like that.'}</p>`;
}

function table(users: readonly UserInfo[], link: Link): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Users">
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Type</th>
          <th scope="col">Permissions</th>
          <th scope="col">Grants</th>
        </tr>
      </thead>
      <tbody>
        ${users.map((user) => row(user, link))}
      </tbody>
    </table>
  </div>`;
}

function row({ name, type, permissions, grants = [], disabled }: UserInfo, link: Link): Html {
  return html`<tr>
    <th scope="row">
      <a href="${link('/user', { name })}"><bdi>${name}</bdi></a>
      ${disabled === true && html`<span class="tag bad">disabled</span>`}
    </th>
    <td>${type === 'admin' ? 'Administrator' : 'Normal'}</td>
    <td>${permissions.map((each) => html`<span class="tag">${each}</span>`)}</td>
    <td>${summary(grants)}</td>
  </tr>`;
}

/** Grants that a row shows; their user's page shows all. */
const SHOWN_GRANTS = 2;

function summary(grants: readonly string[]): Html {
  const shown = grants.slice(0, SHOWN_GRANTS).filter((grant) => grant.length <= 60);
  const more = grants.length - shown.length;
  return html`${shown.map((grant) => html`<span class="tag">${grant}</span>`)}
  ${more > 0 && html`<small>${shown.length > 0 && 'and '}${more} ${shown.length > 0 ? 'more' : 'in all'}</small>`}`;
}

function damaged(unusable: FoundUsers['unusable']): Html | undefined {
  if (unusable.length === 0) return undefined;
  const items = unusable.map(({ name, problem }) => html`<li><bdi>${name}</bdi>: ${problem}</li>`);
  return html`<div class="alert">
    <h2>Damaged users, who can not log in</h2>
    <ul>
      ${items}
    </ul>
  </div>`;
}
