import type { PostgresSession, PostgresValue } from '../../../lib/stores/postgres/postgres-line.js';
import { putUsers } from '../../../lib/stores/postgres/put-users.js';
import { UserTable } from '../../../lib/stores/postgres/user-table.js';
import { amy } from './stores.js';

/** A connection to an empty table. It notes what was asked, and how many users it was about. */
class EmptyTable implements PostgresSession {
  readonly asked: string[] = [];

  query(text: string, values: readonly PostgresValue[] = []) {
    const [what = ''] = text.trim().split(' ', 1);
    const [names] = values;
    this.asked.push(`${what} ${String(Array.isArray(names) ? names.length : 'admins')}`);
    return Promise.resolve({ rows: [], count: 0 });
  }
}

it('many users are written a thousand at a time, so that the server does not wait long for the next', async () => {
  const session = new EmptyTable();
  const users = Array.from({ length: 2_500 }, (_, index) => ({
    user: { ...amy, name: `u${String(index)}` },
  }));
  const puts = await putUsers(new UserTable(session, 's'), users);
  expect(puts.map(({ after }) => after)).toMatchObject(users.map(({ user }) => user));
  expect(session.asked).toEqual([
    'SELECT admins',
    ...['SELECT 1000', 'INSERT 1000', 'SELECT 1000', 'INSERT 1000', 'SELECT 500', 'INSERT 500'],
  ]);
});
