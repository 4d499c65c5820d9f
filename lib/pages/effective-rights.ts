import type { KapacitorUser } from '../privileges/user.js';
import type { Html } from './html.js';
import { html } from './html.js';

/** Resources that are shown at most: a user may have a thousand grants. */
const MOST = 200;

/** Shows everything that a user may do, by resource. */
export function effectiveRights({ admin, privileges }: KapacitorUser): Html {
  if (admin) return html`<p>An administrator may do everything.</p>`;
  const all = Object.entries(privileges).sort(([one], [other]) => (one < other ? -1 : 1));
  if (all.length === 0) return html`<p class="empty">Nothing: no permission and no grant.</p>`;
  const rows = all.slice(0, MOST).map(
    ([resource, names]) =>
      html`<tr>
        <th scope="row"><code>${resource}</code></th>
        <td>${meaningOf(resource)}</td>
        <td>
          ${names.map((name) => html`<span class="tag ${name === 'none' && 'bad'}">${name}</span>`)}
        </td>
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Effective rights">
      <table>
        <caption>
          The most exact line decides; a line is for all below it, too.
        </caption>
        <thead>
          <tr>
            <th scope="col">Resource</th>
            <th scope="col">Meaning</th>
            <th scope="col">May</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
    ${all.length > MOST && html`<p>And ${all.length - MOST} more.</p>`}`;
}

const MEANINGS: Readonly<Record<string, string>> = {
  '/': 'everything',
  '/api': 'all endpoints',
  '/database': 'all databases',
  '/api/config': 'the configuration',
  '/api/ping': 'a sign of life',
  '/api/write': 'the endpoint for points',
};

function meaningOf(resource: string): string {
  const known = MEANINGS[resource];
  if (known !== undefined) return known;
  const [, kind = '', ...names] = resource.split('/');
  if (kind === 'api') return `endpoint ${names.join('/')}`;
  if (kind !== 'database') return 'a resource of its own';
  const [database = '', policy] = names.map(decoded);
  return `database ${database}${policy === undefined ? '' : `, retention policy ${policy}`}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
