import express from 'express';
import request from 'supertest';
import { usersApi } from '../../lib/index.js';
import { describePostgres } from '../support/postgres.js';
import { openInstances, untilLetIn } from './postgres-instances.js';

const AMY = '/kapacitor/v1/users/amy';

/** Fates of the end of a change, and of the answer to it. */
const LOSSES: readonly (readonly [what: string, isMade: boolean])[] = [
  ['arrived, and the answer was lost', true],
  ['was lost', false],
];

describePostgres('a change whose COMMIT', (server) => {
  const { openThree } = openInstances();

  it.each(LOSSES)('%s is answered with 503, and all go by the database', async (_what, isMade) => {
    const instances = await openThree(await server().newDatabase());
    const [first] = instances;
    await first.create('root', 'root-pw');
    await first.create('amy', 'old');
    for (const each of instances) await untilLetIn(each, 'amy', 'old');
    const app = express().use(usersApi(first.auth));
    // The request itself needs nothing of the database.
    await request(app).get(AMY).auth('root', 'root-pw').expect(200);
    let isLost = false;
    first.wire.onSent = (sent) => {
      if (isLost || !sent.includes('COMMIT')) return;
      isLost = true;
      if (isMade)
        setImmediate(() => {
          first.wire.fail('swallowed');
        });
      else first.wire.fail('swallowed');
      setTimeout(() => {
        first.wire.fail('cut');
        first.wire.heal();
      }, 500);
    };
    const answer = await request(app).patch(AMY).auth('root', 'root-pw').send({ password: 'new' });
    expect(answer.status).toBe(503);
    expect(answer.headers).toHaveProperty('retry-after');

    const [right, wrong] = isMade ? ['new', 'old'] : ['old', 'new'];
    for (const each of instances) {
      await untilLetIn(each, 'amy', right);
      await expect(each.ask('amy', wrong)).resolves.toBe(401);
    }
    // Made again, it counts in any case.
    await first.setPasswordAtLast('amy', 'newer');
    for (const each of instances) await untilLetIn(each, 'amy', 'newer');
  });
});
