import type { KapacitorAuth } from '../../kapacitor-auth.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked } from '../page.js';
import { table } from '../table.js';
import { shownTime } from '../time.js';

const PER_PAGE = 50;

type Subscriptions = NonNullable<KapacitorAuth['subscriptions']>;
type Subscription = Awaited<ReturnType<Subscriptions['list']>>[number];

/** Lists subscriptions by database, and those that are damaged on the first page. */
export async function subscriptionList(
  { query, link }: Asked,
  subscriptions: Subscriptions,
): Promise<Html> {
  const damaged: string[] = [];
  const onUnusable = ({ name }: { readonly name: string }): void => void damaged.push(name);
  const all = [...(await subscriptions.list({ onUnusable }))].sort((one, other) =>
    keyOf(one) < keyOf(other) ? -1 : 1,
  );
  const after = query.get('after');
  const rest = after === null ? all : all.filter((each) => keyOf(each) > after);
  const shown = rest.slice(0, PER_PAGE);
  const last = rest.length > PER_PAGE ? shown.at(-1) : undefined;
  const bad = after === null ? damaged.slice(0, PER_PAGE) : [];
  if (shown.length + bad.length === 0)
    return html`<p class="card empty">
      ${after === null ? 'There is no subscription.' : 'There are no more subscriptions.'}
    </p>`;
  return html`<div class="card">
    ${table({
      caption: "By database; the id is the beginning of the token's SHA-256.",
      heads: ['Database', 'Retention policy', 'InfluxDB', 'Created', 'Id', 'Revoke'],
      rows: [...shown.map((each) => row(link, each)), ...bad.map((id) => damagedRow(link, id))],
    })}
    ${
      last !== undefined &&
      html`<nav class="pager" aria-label="More subscriptions">
        <a href="${link('/subscriptions', { after: keyOf(last) })}">Next</a>
      </nav>`
    }
  </div>`;
}

/** The digits of the id are as long everywhere; a name may hold anything. */
function keyOf({ database, id }: Subscription): string {
  return `${database}\n${id}`;
}

function row(link: Asked['link'], subscription: Subscription): Html {
  const { id, database, retentionPolicy = 'all', cluster, created } = subscription;
  return html`<tr>
    <th scope="row">${database === '' ? 'every database' : html`<bdi>${database}</bdi>`}</th>
    <td data-label="Retention policy">${retentionPolicy}</td>
    <td data-label="InfluxDB">${cluster}</td>
    <td data-label="Created">${shownTime(created)}</td>
    <td data-label="Id"><code>${id}</code></td>
    <td>${revokeForm(link, id)}</td>
  </tr>`;
}

function damagedRow(link: Asked['link'], id: string): Html {
  return html`<tr>
    <th scope="row">damaged</th>
    <td></td>
    <td></td>
    <td></td>
    <td data-label="Id"><code>${id}</code></td>
    <td>${revokeForm(link, id)}</td>
  </tr>`;
}

function revokeForm(link: Asked['link'], id: string): Html {
  return html`<form method="post" action="${link('/subscriptions/revoke')}">
    <input type="hidden" name="id" value="${id}" />
    <div class="tick">
      <input type="checkbox" id="sure-${id}" name="sure" value="${id}" required />
      <label for="sure-${id}">I am sure</label>
    </div>
    <button class="danger" aria-describedby="sure-${id}">Revoke ${id.slice(0, 6)}</button>
  </form>`;
}
