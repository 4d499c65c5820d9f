import type { HeardGrants } from '../../observe/heard-event.js';
import type { RecentEvent } from '../../observe/recent-events.js';
import { isEndpointPath } from '../../privileges/api-request.js';
import { parseRequestTarget } from '../../privileges/request-path.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked } from '../page.js';
import { shownTime } from '../time.js';
import { typeWord } from '../users/type-word.js';
import { placeLine } from './place-line.js';

/** Shows an event in words, as a row. */
export function eventRow(asked: Asked, event: RecentEvent): Html {
  return html`<tr>
    <td>${shownTime(event.at, 'second')}</td>
    <td>${event.change === undefined ? refusalOf(asked, event) : changeOf(asked, event)}</td>
    ${labelled('User', event.user === undefined ? nobody(event) : userLink(asked, event.user))}
    ${labelled('Address', event.address ?? '')}
  </tr>`;
}

/** A cell that needs its column's name if the window is narrow; an empty one tells nothing. */
function labelled(label: string, content: Html | string): Html {
  if (content === '') return html`<td></td>`;
  return html`<td data-label="${label}"><span class="any">${content}</span></td>`;
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
  const isKnown = event.event === 'forbidden' && ![user, method].includes(undefined);
  const isBody = code === 'ERR_KAUTH_ESCALATION';
  return html`${REFUSALS[event.event]}${status !== undefined && ` (${String(status)})`}:
    <code>${method ?? ''} ${path ?? ''}</code><br />
    <small>${code}${reported === true && ' (only reported: it passed)'}</small>
    ${isBody && html`<small>It may not give more than it has.</small>`}
    ${isKnown && !isBody && isExplained(path) && html`<a href="${link('/why', { user, method, path })}">Why refused?</a>`}`;
}

/** Only requests to Kapacitor's API are explained; a path that was cut says something else. */
function isExplained(path: string | undefined): boolean {
  if (path === undefined || path.endsWith('...')) return false;
  try {
    return isEndpointPath(parseRequestTarget(path).segments);
  } catch {
    return false;
  }
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

/** No user is named by code; the command line's changes are no events of this process. */
const BY_CODE = "at the first start, or by the app's code";

function changeOf(asked: Asked, event: RecentEvent): Html {
  const { change = 'updated', fields = [], actor, before, after, renamedTo } = event;
  const [was, is] = [before, after].map((each) => each && rightsOf(each));
  const isListed = change === 'updated' && fields.length > 0;
  return html`${CHANGES[change]}${isListed && `: ${fields.join(', ')}`}
  ${renamedTo !== undefined && html`to ${userLink(asked, renamedTo)}`}
  ${actor === undefined ? BY_CODE : html`by ${userLink(asked, actor)}`} ${placeLine(event)}
  ${was !== is && html`${rightsLine('Before', was)} ${rightsLine('After', is)}`}`;
}

function rightsLine(when: string, rights: string | undefined): Html | undefined {
  return rights === undefined ? undefined : html`<br /><small>${when}: ${rights}</small>`;
}

function rightsOf({ type, permissions, grants = [], disabled }: HeardGrants): string {
  const parts = [
    typeWord(type),
    ...(permissions.length > 0 ? [`permissions ${permissions.join(', ')}`] : []),
    ...(grants.length > 0 ? [`grants ${grants.join(', ')}`] : []),
    ...(disabled === true ? ['disabled'] : []),
  ];
  return parts.join('; ');
}

function userLink({ auth, link }: Asked, name: string): Html {
  if (auth.users === undefined || name.endsWith('...')) return html`<bdi>${name}</bdi>`;
  return html`<a href="${link('/user', { name })}"><bdi>${name}</bdi></a>`;
}
