import { InvalidRequestError } from '../../errors.js';
import type { UserInfo } from '../../manage/user-forms.js';
import type { Users } from '../../manage/users.js';
import { PERMISSIONS } from '../../privileges/permission.js';
import type { Problems } from '../fields.js';
import { choiceField, doneNote, problemList, textField } from '../fields.js';
import type { Content, Html } from '../html.js';
import { html } from '../html.js';
import type { Asked, Link, Page } from '../page.js';
import { problemText } from '../problem.js';
import { table } from '../table.js';
import { mayAsk, seenUsers } from './managed-users.js';
import { typeWord } from './type-word.js';
import type { UserFilters } from './user-filters.js';
import { isFiltered, readFilters } from './user-filters.js';
import type { UserSlice } from './user-slice.js';
import { findSlice } from './user-slice.js';

/** Shows the users, 50 on a page. */
export async function listUsers(asked: Asked): Promise<Page> {
  const { query, link } = asked;
  const users = seenUsers(asked, { method: 'GET' });
  const filters = readFilters(query);
  const after = query.get('after') ?? undefined;
  let { problems } = filters;
  let slice: UserSlice = { users: [], damaged: [], next: undefined };
  if (Object.keys(problems).length === 0) {
    try {
      slice = await findSlice(users, filters, after);
    } catch (error) {
      if (!(error instanceof InvalidRequestError)) throw error;
      problems = { find: problemText(error) };
    }
  }
  const body = html`${query.get('done') === 'deleted' && doneNote(deleted(users, query.get('name') ?? ''))}
  ${problemList(problems)}
  ${
    mayAsk(asked, { method: 'POST' }) &&
    html`<p><a class="button" href="${link('/users/new')}">New user</a></p>`
  }
  ${filterForm(link, filters, problems)}
  ${Object.keys(problems).length === 0 && results(link, filters, slice, after)}`;
  return { title: 'Users', body, ...(Object.keys(problems).length > 0 && { status: 400 }) };
}

/** The address may be anybody's: what can't be a name is not repeated. */
function deleted(users: Pick<Users, 'check'>, name: string): Content {
  try {
    users.check({ name, password: 'a' });
    return html`The user <bdi>${name}</bdi> was deleted.`;
  } catch {
    return 'The user was deleted.';
  }
}

function filterForm(link: Link, { typed }: UserFilters, problems: Problems): Html {
  return html`<form method="get" action="${link('/users')}" role="search" class="card bar">
    ${textField(
      {
        name: 'find',
        label: 'Name',
        hint: 'Its beginning, or *amy*',
        value: typed.find,
        problems,
      },
      'search',
    )}
    ${choiceField({ name: 'type', label: 'Type', value: typed.type }, [
      ['', 'Any'],
      ['normal', 'Normal'],
      ['admin', 'Administrator'],
    ])}
    ${choiceField({ name: 'permission', label: 'Permission', value: typed.permission }, [
      ['', 'Any'],
      ...PERMISSIONS.map((each) => [each, each] as const),
    ])}
    ${textField({ name: 'grant', label: 'Grant', value: typed.grant, problems })}
    ${choiceField({ name: 'disabled', label: 'Disabled', value: typed.disabled }, [
      ['', 'Any'],
      ['no', 'No'],
      ['yes', 'Yes'],
    ])}
    <button>Find</button>
  </form>`;
}

function results(
  link: Link,
  filters: UserFilters,
  { users, damaged, next }: UserSlice,
  after: string | undefined,
): Html {
  return html`<section class="card" aria-label="Found users">
    ${users.length > 0 ? userTable(link, users) : empty(link, filters, next)}
    ${damaged.length > 0 && damagedList(damaged)} ${pager(link, filters, { next, after })}
  </section>`;
}

function userTable(link: Link, users: readonly UserInfo[]): Html {
  const rows = users.map(
    (user) =>
      html`<tr>
        <th scope="row">
          <a href="${link('/user', { name: user.name })}"><bdi>${user.name}</bdi></a>
        </th>
        <td data-label="Type">
          ${typeWord(user.type)}${user.disabled && html` <span class="tag bad">disabled</span>`}
        </td>
        <td data-label="Rights">${rights(user)}</td>
      </tr>`,
  );
  return table({ heads: ['Name', 'Type', 'Rights'], rows });
}

function rights({ type, permissions, grants = [] }: UserInfo): string {
  if (type === 'admin') return 'everything';
  const count = grants.length;
  const granted = count === 0 ? [] : [count === 1 ? '1 grant' : `${String(count)} grants`];
  return [...permissions, ...granted].join(', ') || 'none';
}

function empty(link: Link, filters: UserFilters, next: string | undefined): Html {
  if (next !== undefined) {
    return html`<p class="empty">None among those that were looked at. There are more.</p>`;
  }
  if (!isFiltered(filters)) return html`<p class="empty">There are no users here.</p>`;
  return html`<p class="empty">
    No user is like that. <a href="${link('/users')}">Show all users</a>
  </p>`;
}

function damagedList(damaged: UserSlice['damaged']): Html {
  const items = damaged.map(
    ({ name, problem }) =>
      html`<li><bdi>${name}</bdi> <span class="tag bad">damaged</span> ${problem}</li>`,
  );
  return html`<h2>Damaged users</h2>
    <p>They can not log in. The command line can delete them.</p>
    <ul>
      ${items}
    </ul>`;
}

function pager(
  link: Link,
  { typed }: UserFilters,
  { next, after }: Pick<UserSlice, 'next'> & { readonly after: string | undefined },
): Html | undefined {
  if (next === undefined && after === undefined) return undefined;
  return html`<nav class="pager" aria-label="Pages of users">
    ${after !== undefined && html`<a href="${link('/users', typed)}">First page</a>`}
    ${
      next !== undefined &&
      html`<a rel="next" href="${link('/users', { ...typed, after: next })}">Next page</a>`
    }
  </nav>`;
}
