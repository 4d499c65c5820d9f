import { userSourceContract, userStoreContract } from '../../lib/store-contract.js';
import { PostgresUserStore } from '../../lib/stores/postgres-store.js';
import { KEEPING_ALL } from '../support/keeping-all.js';
import { describePostgres } from '../support/postgres.js';
import type { Trouble } from '../support/postgres-wire.js';
import { Wire } from '../support/postgres-wire.js';
import { amy } from './postgres/stores.js';

describePostgres('PostgresUserStore', (server) => {
  const open = (place: string, port = server().port) =>
    new PostgresUserStore({
      url: server().url({ port }),
      schema: `p_${place.replaceAll('-', '_')}`,
    });
  const linkedBy = (trouble: Trouble) => async (place: string) => {
    const wire = await Wire.to(server().port);
    return {
      store: open(place, wire.port),
      cut: () => {
        wire.fail(trouble);
      },
      heal: () => {
        wire.heal();
      },
      end: () => wire.close(),
    };
  };

  const store = {
    subscriptions: true,
    endedSessions: true,
    ...KEEPING_ALL,
    within: 100,
  };
  const alone = userStoreContract(open, store);
  for (const { name, run } of alone) it(name, run);

  const source = async () => {
    const place = `source${String((sources += 1))}`;
    const filling = open(place);
    await filling.create(amy);
    await filling.close();
    return open(place);
  };
  let sources = 0;
  for (const { name, run } of userSourceContract(source, [amy])) it(name, run);

  describe.each<Trouble>(['cut', 'swallowed'])('behind a link that is %s', (trouble) => {
    const known = new Set(alone.map(({ name }) => name));
    const cases = userStoreContract(open, { ...store, openLinked: linkedBy(trouble) });
    for (const { name, run } of cases.filter((each) => !known.has(each.name))) it(name, run);
  });
});
