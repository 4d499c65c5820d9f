import type { Problems } from '../fields.js';
import { problemList, textField } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked } from '../page.js';
import { PASSWORD_HINT } from '../password-hint.js';

/** The form to change one's own password. */
export function passwordCard({ user, link }: Asked, problems: Problems): Html {
  const field = (name: string, label: string, autocomplete: string, hint?: string): Html =>
    textField({ name, label, autocomplete, hint, problems, isRequired: true }, 'password');
  return html`<section class="card" aria-labelledby="password-title">
    <h2 id="password-title">Change your password</h2>
    ${problemList(problems)}
    <p>Afterwards you stay logged in here, and are logged out everywhere else.</p>
    <form method="post" action="${link('/account/password')}">
      <input type="text" name="username" value="${user.name}" autocomplete="username" hidden />
      ${field('old', 'Old password', 'current-password')}
      ${field('new', 'New password', 'new-password', PASSWORD_HINT)}
      ${field('again', 'New password, again', 'new-password')}
      <button>Change password</button>
    </form>
  </section>`;
}
