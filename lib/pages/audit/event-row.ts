import type { HeardGrants } from '../../observe/heard-event.js';
import type { RecentEvent } from '../../observe/recent-events.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked } from '../page.js';
import { placeLine } from './place-line.js';

/** Shows an event in words, as a row. */
export function eventRow(asked: Asked, event: RecentEvent): Html {
  const time = new Date(event.at).toISOString();
  return html`<tr>
    <td><time datetime="${time}">${time.slice(0, 19).replace('T', ' ')}</time></td>
    <td>${event.change === undefined ? refusalOf(asked, event) : changeOf(asked, event)}</td>
    <td>${event.user === undefined ? nobody(event) : userLink(asked, event.user)}</td>
    <td>${event.address ?? ''}</td>
  </tr>`;
}

const REFUSALS: Readonly<Record<RecentEvent['event'], string>> = {
  rejected: 'Login refused',
  forbidden: 'Request refused',
  revoked: 'Running request ended',
  userChanged: '',
  subscriptionChanged: '',
};

function refusalOf({ link }: Asked, event: RecentEvent): Html {
  const { method, path, user, code = '', status, reported } = event;
  const isExplained =
    event.event === 'forbidden' && ![user, method, path].includes(undefined) && isWhole(path);
  return html`${REFUSALS[event.event]}${status !== undefined && ` (${String(status)})`}:
    <code>${method ?? ''} ${path ?? ''}</code><br />
    <small>${code}${reported === true && ' (only reported: it passed)'}</small>
    ${isExplained && html`<a href="${link('/why', { user, method, path })}">Why refused?</a>`}`;
}

/** A path that was cut says something else. */
function isWhole(path: string | undefined): boolean {
  return path !== undefined && !path.endsWith('...');
}

const CHANGES: Readonly<Record<NonNullable<RecentEvent['change']>, string>> = {
  created: 'User created',
  updated: 'User changed',
  renamed: 'User renamed',
  deleted: 'User deleted',
  granted: 'Subscription granted',
  revoked: 'Subscription revoked',
};

/** A subscription is not about a user. */
function nobody({ subscription }: RecentEvent): string {
  return subscription === undefined ? 'unknown' : '';
}

function changeOf(asked: Asked, event: RecentEvent): Html {
  const { change = 'updated', fields = [], actor, before, after, renamedTo } = event;
  const isListed = change === 'updated' && fields.length > 0;
  return html`${CHANGES[change]}${isListed && `: ${fields.join(', ')}`}
  ${renamedTo !== undefined && html`to ${userLink(asked, renamedTo)}`} by
  ${actor === undefined ? 'a program' : userLink(asked, actor)} ${placeLine(event)}
  ${rightsLine('Before', before)} ${rightsLine('After', after)}`;
}

function rightsLine(when: string, rights: HeardGrants | undefined): Html | undefined {
  if (rights === undefined) return undefined;
  const { type, permissions, grants = [], disabled } = rights;
  const parts = [
    type === 'admin' ? 'administrator' : 'normal user',
    ...(permissions.length > 0 ? [`permissions ${permissions.join(', ')}`] : []),
    ...(grants.length > 0 ? [`grants ${grants.join(', ')}`] : []),
    ...(disabled === true ? ['disabled'] : []),
  ];
  return html`<br /><small>${when}: ${parts.join('; ')}</small>`;
}

function userLink({ auth, link }: Asked, name: string): Html {
  if (auth.users === undefined || name.endsWith('...')) return html`<bdi>${name}</bdi>`;
  return html`<a href="${link('/user', { name })}"><bdi>${name}</bdi></a>`;
}
