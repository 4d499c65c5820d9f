import type { Privilege } from '../../privileges/privilege.js';
import type { KapacitorUser } from '../../privileges/user.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import { table } from '../table.js';

const COLUMNS: readonly Privilege[] = ['read', 'write', 'delete'];

/** Shows what a user may do: by endpoint of the API, and by database. */
export function effectiveRights(user: KapacitorUser): Html {
  if (user.admin) return html`<p>An administrator may do everything.</p>`;
  const resources = Object.keys(user.privileges).sort();
  const isDatabase = (resource: string): boolean => /^\/database(?:\/|$)/.test(resource);
  return html`<p class="hint">
      Each line counts for its place and for all below it. If several lines fit, the longest decides
      alone.
    </p>
    ${rightsTable(
      'Endpoints',
      user,
      resources.filter((each) => !isDatabase(each)),
    )}
    ${rightsTable('Databases', user, resources.filter(isDatabase))}`;
}

function rightsTable(caption: string, user: KapacitorUser, resources: readonly string[]): Html {
  if (resources.length === 0) return html`<p>${caption}: nothing.</p>`;
  const rows = resources.map(
    (resource) =>
      html`<tr>
        <th scope="row"><code>${resource}</code></th>
        ${COLUMNS.map((each) => html`<td>${has(user, resource, each) ? 'yes' : 'no'}</td>`)}
      </tr>`,
  );
  return table({ caption, heads: ['Place', ...COLUMNS], rows, layout: 'rights' });
}

function has({ privileges }: KapacitorUser, resource: string, asked: Privilege): boolean {
  const held = privileges[resource] ?? [];
  return held.includes('all') || held.includes(asked);
}
