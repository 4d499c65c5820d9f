import { KapacitorAuthError, MisuseError } from '../../errors.js';
import type { Users } from '../../manage/users.js';
import type { Problems } from '../fields.js';
import { problemText } from '../problem.js';
import type { RightsChange } from './rights-form.js';

/** A name and a password that are always accepted. */
const GOOD = { name: 'a', password: 'a' } as const;

/** Finds the mistakes in the rights of a form, each at its field. */
export function rightsProblems(users: Users, { type, grants, disabled }: RightsChange): Problems {
  return {
    ...problemAt('grants', () => {
      users.check({ ...GOOD, type, grants });
    }),
    ...problemAt('disabled', () => {
      users.check({ ...GOOD, disabled });
    }),
  };
}

/** Finds the mistake in a password. */
export function passwordProblems(users: Users, password: string): Problems {
  return problemAt('password', () => {
    users.check({ ...GOOD, password });
  });
}

/** Finds the mistake in the name of a new user. */
export function nameProblems(users: Users, name: string): Problems {
  if (name === '') return { name: 'Enter a name.' };
  return problemAt('name', () => {
    users.check({ ...GOOD, name });
  });
}

function problemAt(field: string, check: () => void): Problems {
  try {
    check();
    return {};
  } catch (error) {
    if (error instanceof KapacitorAuthError) return { [field]: problemText(error) };
    throw error;
  }
}

/** A change that was refused: the answer's status, and what to say in the form. */
export interface Refusal {
  readonly status: number;
  readonly problems: Problems;
}

/**
 * Makes a change of users; if it is refused, the form is to say so.
 *
 * @param fields - the fields that an error of a code is about; the form as a whole for others
 * @returns undefined if the change was made
 * @throws errors that no form can mend, such as one of the store
 */
export async function refusalOf(
  change: () => Promise<unknown>,
  fields: Readonly<Record<string, string>> = {},
): Promise<Refusal | undefined> {
  try {
    await change();
    return undefined;
  } catch (error) {
    if (!(error instanceof KapacitorAuthError) || !error.expose) throw error;
    const { status, code } = error;
    if (status === 404 || error instanceof MisuseError) throw error;
    return { status, problems: { [fields[code] ?? '']: problemText(error) } };
  }
}
