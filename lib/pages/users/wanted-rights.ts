import type { UserInfo } from '../../manage/user-forms.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { TypedRights } from './rights-form.js';
import { typedRights } from './rights-form.js';

/** Lists what was wanted of a user that is otherwise now. */
export function wantedRights(user: UserInfo, wanted: TypedRights): Html {
  const wishes = wishesFor(typedRights(user), wanted);
  const list =
    wishes.length === 0
      ? html`<p>The user is now as you wanted it.</p>`
      : html`<p>None of this was saved. Change the form again if it is still right.</p>
          <ul>
            ${wishes.map((each) => html`<li>${each}</li>`)}
          </ul>`;
  return html`<section class="card" aria-labelledby="wanted">
    <h2 id="wanted">What you wanted</h2>
    ${list}
  </section>`;
}

function wishesFor(now: TypedRights, wanted: TypedRights): readonly string[] {
  return [
    ...(wanted.type === now.type ? [] : [`Type: ${wanted.type}`]),
    ...differing('Permission', now.permissions, wanted.permissions),
    ...differing('Grant', linesOf(now), linesOf(wanted)),
    ...(wanted.disabled === now.disabled
      ? []
      : [wanted.disabled ? 'Login: disabled' : 'Login: allowed']),
  ];
}

function differing(
  kind: string,
  now: readonly string[],
  wanted: readonly string[],
): readonly string[] {
  return [
    ...wanted.filter((each) => !now.includes(each)).map((each) => `${kind}: with ${each}`),
    ...now.filter((each) => !wanted.includes(each)).map((each) => `${kind}: without ${each}`),
  ];
}

function linesOf({ grants }: TypedRights): readonly string[] {
  const lines = grants.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '');
}
