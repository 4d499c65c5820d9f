import { AuthorizationError } from '../../errors.js';
import type { Problems } from '../fields.js';
import { tickBox } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked, Page, Redirect } from '../page.js';
import type { ReadRights } from './rights-form.js';

/** Returns true if readers of a page are this user themselves. */
export function isOwn({ login, user }: Pick<Asked, 'login' | 'user'>, name: string): boolean {
  return login !== undefined && user.name === name;
}

/** The boxes to tick before readers do to themselves what logs them out, by their names. */
export type OwnTick = 'own-rights' | 'own-delete';

const LABELS: Readonly<Record<OwnTick, string>> = {
  'own-rights': 'This is me: I know that another type, or "disabled", logs me out',
  'own-delete': 'This is me: I know that this logs me out, and that I can not log in again',
};

/** The box to tick. */
export function ownTick(name: OwnTick, problems: Problems): Html {
  return tickBox({ name, label: LABELS[name], problems }, false);
}

/** The mistake that the box is not ticked; none if it is. */
export function missingTick(name: OwnTick, { form }: Pick<Asked, 'form'>): Problems {
  if (form.get(name) === 'yes') return {};
  return {
    [name]: 'This is your own user, and you would be logged out. Tick the box if you want that.',
  };
}

/** The reason that a change to their own rights logs readers out; undefined if it doesn't. */
export function logsOut({
  type,
  disabled,
}: Partial<ReadRights>): 'disabled' | 'rights' | undefined {
  if (disabled === true) return 'disabled';
  return type === undefined ? undefined : 'rights';
}

/** Sends readers whose own sessions are over to the login, which says why. */
export function loggedOut(
  { link }: Pick<Asked, 'link'>,
  done: 'rights' | 'disabled' | 'deleted' | 'everywhere',
): Redirect {
  return { to: link('/login', { done }), session: '' };
}

/** Refuses to set one's own password without the old one. */
export function refuseOwnPassword({ link, report }: Pick<Asked, 'link' | 'report'>): Page {
  const text = 'your own password is changed with the old one';
  report(new AuthorizationError('ERR_KAUTH_FORBIDDEN', text));
  return {
    status: 403,
    title: 'You may not do this',
    body: html`<p class="card">
      Your own password is changed together with the old one, at
      <a href="${link('/account')}">Your account</a>.
    </p>`,
  };
}
