import { userStoreContract } from '../../lib/store-contract.js';
import { PostgresUserStore } from '../../lib/stores/postgres-store.js';
import { describePostgres } from '../support/postgres.js';

describePostgres('PostgresUserStore', (server) => {
  const open = (place: string) =>
    new PostgresUserStore({ url: server().url(), schema: `p_${place.replaceAll('-', '_')}` });
  for (const { name, run } of userStoreContract(open, { subscriptions: true })) it(name, run);
});
