import fc from 'fast-check';
import { AuthorizationError, judgeApiRequest } from '../../lib/index.js';
import { basic, openAuth } from '../support/open-auth.js';

/** Names that look alike, reach elsewhere, or hold what means something in a URL or a resource. */
const name = fc.oneof(
  fc.constantFrom('telegraf', 'Telegraf', 'tele', 'graf', '.', '..', '*', '__proto__'),
  fc.string({
    unit: fc.constantFrom('a', 'A', '.', '/', '%', '2', 'F', '\\', '+', '&', '=', ';', 'é'),
    minLength: 1,
    maxLength: 5,
  }),
);

const policy = fc.option(name, { nil: undefined });

describe('a subscription token', () => {
  it('lets write to what it was granted for, and nowhere else, whatever the names are', async () => {
    const auth = openAuth();
    const subscriptions = auth.subscriptions;
    if (subscriptions === undefined) throw new Error('no subscriptions are kept');
    const place = fc.record({ database: name, retentionPolicy: policy });
    // Otherwise hardly two of them would be the same.
    const places = fc.tuple(place, place, fc.boolean(), fc.boolean());
    const property = fc.asyncProperty(places, async ([granted, other, sameName, samePolicy]) => {
      const database = sameName ? granted.database : other.database;
      const retentionPolicy = samePolicy ? granted.retentionPolicy : other.retentionPolicy;
      const { token } = await subscriptions.grant(granted);
      const headers = { authorization: basic('~subscriber', token) };
      const user = await auth.authenticate({ headers });
      const rp = retentionPolicy === undefined ? '' : `rp=${encodeURIComponent(retentionPolicy)}&`;
      const target = `/write?${rp}db=${encodeURIComponent(database)}`;
      const isMeant =
        database === granted.database &&
        (granted.retentionPolicy ?? retentionPolicy) === retentionPolicy;
      const judge = () => judgeApiRequest(user, 'POST', target);
      if (isMeant) expect(judge()).toBe('/write');
      else expect(judge).toThrow(AuthorizationError);
    });
    await fc.assert(property, { numRuns: 500 });
  });
});
