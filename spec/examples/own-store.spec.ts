import './surroundings.js';
import { hashSync } from 'bcrypt';
import { AccountSource } from '../../fixtures/examples/own-store.js';
import { kapacitorAuth } from '../../lib/index.js';
import { basic } from '../support/open-auth.js';

it('the example of an own source lets its accounts log in', async () => {
  const accounts = new Map([['ann', hashSync('ann-pw', 4)]]);
  const auth = kapacitorAuth({ store: new AccountSource(accounts) });
  const login = (password: string) =>
    Promise.resolve(auth.authenticate({ headers: { authorization: basic('ann', password) } }));
  await expect(login('ann-pw')).resolves.toMatchObject({ name: 'ann', permissions: ['api'] });
  await expect(login('wrong')).rejects.toMatchObject({ status: 401 });
  await auth.close();
});
