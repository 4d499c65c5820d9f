import type { RecentEvent } from '../../observe/recent-events.js';
import { textField } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import { judgeAdmin } from '../judge-admin.js';
import type { Asked, Page } from '../page.js';
import { table } from '../table.js';
import { eventRow } from './event-row.js';

const PER_PAGE = 50;

/** Events that are shown: a filter, and the number of the event before which they are. */
interface Wanted {
  readonly user: string;
  readonly address: string;
  readonly before: number | undefined;
}

/** Shows the last refusals and changes, to administrators. */
export async function showAudit(asked: Asked): Promise<Page> {
  judgeAdmin(asked.user);
  const { audit, query, link } = asked;
  const wanted = readWanted(query);
  const { before } = wanted;
  const found = await audit.recent({
    ...(wanted.user !== '' && { user: wanted.user }),
    ...(wanted.address !== '' && { address: wanted.address }),
    before,
    limit: PER_PAGE + 1,
  });
  const shown = found.slice(0, PER_PAGE);
  return {
    title: 'Audit',
    body: html`<p>
        The last 1,000 refusals and changes since this server started. It forgets them when it
        stops; the lasting record is the audit log.
      </p>
      ${filterForm(asked, wanted)} ${shown.length === 0 ? empty(wanted) : eventTable(asked, shown)}
      ${pager(wanted, found, link)}`,
  };
}

function readWanted(query: URLSearchParams): Wanted {
  const before = query.get('before') ?? '';
  return {
    user: query.get('user') ?? '',
    address: (query.get('address') ?? '').trim(),
    before: /^\d{1,15}$/.test(before) ? Number(before) : undefined,
  };
}

function filterForm({ link }: Asked, { user, address }: Wanted): Html {
  return html`<form method="get" action="${link('/audit')}" class="card bar" role="search">
    ${textField({ name: 'user', label: 'User', hint: 'The whole name', value: user }, 'search')}
    ${textField({ name: 'address', label: 'Address', hint: 'The whole address', value: address }, 'search')}
    <button>Find</button>
  </form>`;
}

function empty({ user, address, before }: Wanted): Html {
  const isAll = user === '' && address === '' && before === undefined;
  return html`<p class="card empty">
    ${isAll ? 'Nothing was refused or changed yet.' : 'No refusal or change matches.'}
  </p>`;
}

function eventTable(asked: Asked, events: readonly RecentEvent[]): Html {
  return html`<div class="card">
    ${table({
      caption: 'The newest first.',
      heads: ['Time', 'Event', 'User', 'Address'],
      rows: events.map((event) => eventRow(asked, event)),
    })}
  </div>`;
}

function pager(
  { user, address, before }: Wanted,
  found: readonly RecentEvent[],
  link: Asked['link'],
): Html | undefined {
  const last = found.length > PER_PAGE ? found[PER_PAGE - 1] : undefined;
  if (last === undefined && before === undefined) return undefined;
  return html`<nav class="pager" aria-label="More events">
    ${before !== undefined && html`<a href="${link('/audit', { user, address })}">Newest</a>`}
    ${
      last !== undefined &&
      html`<a href="${link('/audit', { user, address, before: String(last.id) })}">Older</a>`
    }
  </nav>`;
}
