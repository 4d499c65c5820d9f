import { InvalidRequestError } from '../../errors.js';
import type { Users } from '../../manage/users.js';
import type { Problems } from '../fields.js';
import { problemText } from '../problem.js';
import { newPassword } from './password-fields.js';
import { readRights, sentRights } from './rights-form.js';
import { problemsOf } from './user-problems.js';

/** Values that are always accepted, beside the one that is checked. */
const SOUND = { name: 'a', password: 'a' } as const;

/** Finds all mistakes in the form for a new user that can be told without the other users. */
export function newUserMistakes(form: URLSearchParams, users: Pick<Users, 'check'>): Problems {
  return {
    ...mistake(() => {
      users.check({ ...SOUND, name: form.get('name') ?? '' });
    }, 'name'),
    ...mistake(() => {
      users.check({ ...SOUND, password: newPassword(form).password });
    }, 'password'),
    ...mistake(() => {
      users.check({ ...SOUND, ...readRights(sentRights(form)) });
    }),
  };
}

/** @param field - the field of the mistake; if left out, its text tells */
function mistake(check: () => void, field?: string): Problems {
  try {
    check();
    return {};
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return field === undefined ? problemsOf(error) : { [field]: problemText(error) };
  }
}
