import { InvalidRequestError } from '../../errors.js';
import { createSubscription, destination, gatewayProblem } from '../../influxql.js';
import type { KapacitorAuth } from '../../kapacitor-auth.js';
import type { Problems } from '../fields.js';
import { doneNote, problemList, textField, textFor, tickBox } from '../fields.js';
import type { Html } from '../html.js';
import { html } from '../html.js';
import { judgeAdmin, judgeAdminNow } from '../judge-admin.js';
import { ownOrigin } from '../own-origin.js';
import type { Asked, Page, Redirect } from '../page.js';
import { problemPage, problemText } from '../problem.js';
import { subscriptionList } from './subscription-list.js';

type Subscriptions = NonNullable<KapacitorAuth['subscriptions']>;

const DONE: Readonly<Record<string, string>> = {
  revoked:
    'The subscription is revoked: its token is refused from now on. Drop it in InfluxDB, too.',
  gone: 'There was no such subscription any more.',
};

/** Shows the subscriptions to administrators. */
export async function showSubscriptions(asked: Asked): Promise<Page> {
  judgeAdmin(asked.user);
  const { auth, query } = asked;
  if (auth.subscriptions === undefined) return notHere();
  const done = textFor(DONE, query);
  return page(asked, auth.subscriptions, {
    note: done === undefined ? undefined : doneNote(done),
    problems: {},
  });
}

/** Grants a subscription, and shows its token this once. */
export async function grantSubscription(asked: Asked): Promise<Page> {
  await judgeAdminNow(asked);
  const { auth, form } = asked;
  const { subscriptions } = auth;
  if (subscriptions === undefined) return notHere();
  const given = readGiven(form);
  const problems = mistakes(given);
  if (Object.keys(problems).length > 0)
    return { ...(await page(asked, subscriptions, { problems })), status: 400 };
  try {
    const { database, retentionPolicy, isEvery, cluster } = given;
    const place = isEvery ? { everyDatabase: true } : { database, retentionPolicy };
    const granted = await actingOn(asked, subscriptions).grant({ ...place, cluster });
    const url = new URL(given.url);
    const text = isEvery
      ? destination(granted, url)
      : createSubscription(granted, { database, retentionPolicy }, url);
    return await page({ ...asked, form: new URLSearchParams() }, subscriptions, {
      note: shownOnce(text, isEvery),
      problems: {},
    });
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    const at = error.message.includes('cluster') ? 'cluster' : '';
    const told = { [at]: problemText(error) };
    return { ...(await page(asked, subscriptions, { problems: told })), status: 400 };
  }
}

/** Revokes a subscription that was ticked. */
export async function revokeSubscription(asked: Asked): Promise<Page | Redirect> {
  await judgeAdminNow(asked);
  const { auth, form, link } = asked;
  const { subscriptions } = auth;
  if (subscriptions === undefined) return notHere();
  const id = form.get('id') ?? '';
  if (form.get('sure') !== id || id === '') {
    const problems = { '': 'Tick the box beside the subscription to revoke it.' };
    return { ...(await page(asked, subscriptions, { problems })), status: 400 };
  }
  const isRevoked = await actingOn(asked, subscriptions).revoke(id);
  return { to: link('/subscriptions', { done: isRevoked ? 'revoked' : 'gone' }) };
}

/** Events name the user as the maker of changes. */
function actingOn({ user, request }: Asked, subscriptions: Subscriptions): Subscriptions {
  return subscriptions.by({ name: user.name, address: request.ip });
}

interface Given {
  readonly database: string;
  readonly retentionPolicy: string;
  readonly isEvery: boolean;
  readonly cluster: string;
  readonly url: string;
}

function readGiven(form: URLSearchParams): Given {
  return {
    database: form.get('database') ?? '',
    retentionPolicy: form.get('policy') ?? '',
    isEvery: form.get('every') === 'yes',
    cluster: (form.get('cluster') ?? '') || 'default',
    url: (form.get('url') ?? '').trim(),
  };
}

function mistakes({ database, retentionPolicy, isEvery, url }: Given): Problems {
  const problem = gatewayProblem(url);
  return {
    ...(!isEvery && database === '' && { database: 'Name a database, or tick "every database".' }),
    ...(isEvery &&
      database !== '' && { database: 'Leave this empty, or do not tick "every database".' }),
    ...(!isEvery && retentionPolicy === '' && { policy: 'Name a retention policy.' }),
    ...(problem !== undefined && { url: `Give the address of the gateway: ${problem}` }),
  };
}

interface Shown {
  readonly note?: Html | undefined;
  readonly problems: Problems;
}

async function page(
  asked: Asked,
  subscriptions: Subscriptions,
  { note, problems }: Shown,
): Promise<Page> {
  return {
    title: 'Subscriptions',
    body: html`${problemList(problems)}${note}
      <p>With the token of a subscription an InfluxDB may push points here, and do nothing else.</p>
      ${await subscriptionList(asked, subscriptions)} ${grantForm(asked, problems)}`,
  };
}

function grantForm({ form, link, request }: Asked, problems: Problems): Html {
  const field = (name: string, label: string, hint?: string, fallback = ''): Html =>
    textField({ name, label, hint, problems, value: form.get(name) ?? fallback });
  const own = ownOrigin(request, '')?.origin;
  return html`<section class="card" aria-labelledby="grant">
    <h2 id="grant">Grant a subscription</h2>
    <form method="post" action="${link('/subscriptions')}">
      ${field('database', 'Database')} ${field('policy', 'Retention policy', undefined, 'autogen')}
      ${tickBox({ name: 'every', label: 'Every database' }, form.get('every') === 'yes')}
      ${field('cluster', 'Name of the InfluxDB', 'The cluster; "default" if left empty.')}
      ${field('url', 'Address of the gateway', 'As InfluxDB reaches it.', own)}
      <button>Grant</button>
    </form>
  </section>`;
}

function shownOnce(text: string, isEvery: boolean): Html {
  return html`<section class="once" role="status">
    <h2>The subscription is granted</h2>
    <p>
      ${
        isEvery
          ? 'This is the destination for your statements in InfluxDB.'
          : 'Run this statement in InfluxDB.'
      }
      It holds the token and is shown only now.
    </p>
    <pre tabindex="0">${text}</pre>
  </section>`;
}

function notHere(): Page {
  return problemPage(404, 'The store of this server keeps no subscriptions.');
}
