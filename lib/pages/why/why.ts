import { AuthorizationError, UserNotFoundError } from '../../errors.js';
import { readApiRequest } from '../../privileges/api-request.js';
import type { Explanation } from '../../privileges/explanation.js';
import type { Problems } from '../fields.js';
import { choiceField, problemList, textField } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import type { Asked, Page } from '../page.js';
import { explained } from './explained.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** A request whose decision somebody asks about. */
interface Question {
  readonly about: string;
  readonly method: string;
  readonly path: string;
}

/** Explains why a request would be refused or allowed; only administrators ask about others. */
export async function showWhy(asked: Asked): Promise<Page> {
  const question = readQuestion(asked);
  const isAsked = asked.query.has('path');
  const {
    explanation,
    problems = {},
    hints = {},
  }: Answer = isAsked ? await answerTo(asked, question) : {};
  return {
    status: Object.keys(problems).length > 0 ? 400 : 200,
    title: 'Why refused?',
    body: html`${problemList(problems)}
      <p>
        Asks by which rule a request to the API of Kapacitor is allowed or refused. Nothing is sent.
      </p>
      ${questionForm(asked, question, { ...hints, ...problems })}
      ${explanation !== undefined && explained(asked, explanation, 'path' in hints)}`,
  };
}

function readQuestion({ query, user }: Asked): Question {
  const about = query.get('user') ?? '';
  return {
    about: about === '' ? user.name : about,
    method: (query.get('method') ?? 'GET').trim().toUpperCase(),
    path: (query.get('path') ?? '').trim(),
  };
}

interface Answer {
  readonly explanation?: Explanation;
  readonly problems?: Problems;
  /** Tells at the fields what is missing for the whole answer. */
  readonly hints?: Problems;
}

async function answerTo({ auth, user }: Asked, { about, method, path }: Question): Promise<Answer> {
  // Comes before the look-up: a user who may not ask must not learn which users exist.
  if (about !== user.name && !user.admin) {
    const text = `user ${user.name} may not ask what others may do: only an administrator may`;
    throw new AuthorizationError('ERR_KAUTH_FORBIDDEN', text);
  }
  // The rest stays as it is: tidying it up would hide what is ambiguous.
  const target = path.replace(/^https?:\/\/[^/?#]*/i, '');
  const problems = mistakes(method, target);
  if (Object.keys(problems).length > 0) return { problems };
  try {
    const explanation = await auth.explain(about === user.name ? user : about, method, target);
    const { refusal } = explanation;
    if (refusal === undefined && lacksDatabase(method, target))
      return { explanation, hints: NO_DATABASE };
    if (refusal?.status !== 400) return { explanation };
    return { problems: { path: `The path can not be read: ${refusal.message}.` } };
  } catch (error) {
    if (!(error instanceof UserNotFoundError)) throw error;
    return { problems: { user: 'There is no user of this name.' } };
  }
}

const NO_DATABASE: Problems = {
  path: 'A write is judged by its database as well: add ?db=NAME to the path.',
};

function lacksDatabase(method: string, target: string): boolean {
  const { isWrite, database } = readApiRequest(method, target);
  return isWrite && database === undefined;
}

function mistakes(method: string, target: string): Problems {
  return {
    ...(!/^[!#$%&'*+.^`|~\w-]{1,32}$/.test(method) && {
      method: 'A method is a word such as GET.',
    }),
    ...(!target.startsWith('/') && {
      path: 'A path begins with a slash, such as /kapacitor/v1/tasks.',
    }),
  };
}

function questionForm(
  { user, login, link }: Asked,
  { about, method, path }: Question,
  problems: Problems,
): Html {
  const known = METHODS.includes(method) ? METHODS : [...METHODS, method];
  return html`<form method="get" action="${link('/why')}" class="card">
    ${
      user.admin &&
      login !== undefined &&
      textField({ name: 'user', label: 'User', value: about, problems, isRequired: true })
    }
    ${choiceField(
      { name: 'method', label: 'Method', value: method, problems },
      known.map((each) => [each, each]),
    )}
    ${textField({
      name: 'path',
      label: 'Path',
      value: path,
      problems,
      hint: 'With its query, such as /kapacitor/v1/write?db=telegraf; a whole URL will do.',
      isRequired: true,
    })}
    <button>Explain</button>
  </form>`;
}
