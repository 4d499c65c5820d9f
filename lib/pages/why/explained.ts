import type { ExplainedRule, Explanation } from '../../privileges/explanation.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked } from '../page.js';
import { table } from '../table.js';

/**
 * Shows a decision, its rules and what would change it.
 *
 * @param isOpen - true if the database decides, and is not known: then nothing is allowed yet
 */
export function explained(asked: Asked, explanation: Explanation, isOpen: boolean): Html {
  const { user, method, path = '', refusal, rules } = explanation;
  return html`<section class="card" aria-labelledby="answer">
    <h2 id="answer">
      ${decision(explanation, isOpen)}
      <code>${method} ${path}</code>
    </h2>
    ${
      refusal === undefined
        ? html`<p>
            <bdi>${user.name}</bdi>
            ${isOpen ? 'may use the endpoint. The database is not judged yet.' : ALLOWED}
          </p>`
        : html`<p>
            It is answered with ${refusal.status}: ${refusal.message}
            (<code>${refusal.code}</code>).
          </p>`
    }
    ${rules.length > 0 && ruleTable(rules)} ${refusal !== undefined && remedies(explanation)}
    ${toUser(asked, user.name)}
  </section>`;
}

const ALLOWED =
  'may make this request, as far as method and path tell. What its body holds may still refuse it.';

function decision({ refusal }: Explanation, isOpen: boolean): Html {
  if (refusal !== undefined) return html`<span class="tag bad">Refused</span>`;
  return isOpen
    ? html`<span class="tag">Depends on the database</span>`
    : html`<span class="tag good">Allowed</span>`;
}

const RULES: Readonly<Record<ExplainedRule['rule'], string>> = {
  administrator: 'for administrators',
  endpoint: 'the endpoint',
  'endpoint-in-any-case': 'the endpoint, in any case of its letters',
  database: 'the database',
};

function ruleTable(rules: readonly ExplainedRule[]): Html {
  const rows = rules.map(
    ({ rule, privilege, resource, allowed, entry, reason }) =>
      html`<tr>
        <th scope="row">${RULES[rule]}</th>
        <td data-label="Needs">
          ${privilege === 'none' ? 'nothing' : html`${privilege} on <code>${resource}</code>`}
        </td>
        <td data-label="Has it">
          ${allowed ? html`<span class="tag good">yes</span>` : html`<span class="tag bad">no</span>`}
        </td>
        <td data-label="Entry">
          ${entry === undefined ? 'none' : html`<code>${entry.resource}</code>`}
        </td>
        <td data-label="Because">${reason}</td>
      </tr>`,
  );
  return table({
    caption: 'The rules in the order in which they are checked; the first "no" refuses.',
    heads: ['Rule', 'Needs', 'Has it', 'Entry', 'Because'],
    rows,
  });
}

function remedies({ remedies: permissions, grant, user }: Explanation): Html {
  if (user.disabled === true) return html`<p>It is refused until the user is enabled.</p>`;
  if (permissions.length === 0 && grant === undefined)
    return html`<p>No permission and no grant of ours would allow it.</p>`;
  return html`<p>Any one of these would allow it:</p>
    <ul>
      ${permissions.map((each) => html`<li>the permission <code>${each}</code></li>`)}
      ${grant !== undefined && html`<li>the grant <code>${grant}</code></li>`}
    </ul>`;
}

function toUser({ auth, user, link, login }: Asked, name: string): Html | undefined {
  if (login === undefined || auth.users === undefined || !user.admin) return undefined;
  return html`<p>
    <a href="${link('/user', { name })}">Rights of <bdi>${name}</bdi></a>
  </p>`;
}
