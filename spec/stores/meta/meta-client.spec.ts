import { MetaClient } from '../../../lib/stores/meta/meta-client.js';
import { recordingLogger, standIn } from './stand-ins.js';

describe('MetaClient', () => {
  it('does not take a mistake of ours for an outage', async () => {
    const node = await standIn();
    const client = new MetaClient(
      {
        nodes: [new URL(`http://${node.address}`)],
        credentials: { username: '', password: '', internalSharedSecret: '' },
        tls: undefined,
      },
      recordingLogger(),
    );
    const mistake = new TypeError('a mistake');
    const read = (): never => {
      throw mistake;
    };
    await expect(
      client.ask({ path: '/role', about: '/role', read, until: performance.now() + 1000 }),
    ).rejects.toBe(mistake);
    expect(node.requests).toHaveLength(1);
    await client.close();
  });
});
