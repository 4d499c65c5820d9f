import { redirect } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import { StoreUnavailableError } from '../../../lib/errors.js';
import { openStore, pathsSeenBy, standIn } from './stand-ins.js';

describe('Redirects', () => {
  it.each([307, 308] as const)(
    'of status %d are followed to the leader, with our credentials',
    async (code) => {
      const credentials = { username: 'svc', password: 'svc-pw' };
      const leader = await standIn({ credentials });
      const follower = await standIn({ users: [], credentials });
      follower.leader = leader.address;
      follower.redirectsBy = code;
      const store = await openStore([follower], credentials);
      expect(await store.find('k')).toMatchObject({ name: 'k' });
      expect(await store.find('ghost')).toBeUndefined();
      expect(pathsSeenBy(leader)).toEqual(['/user?name=k', '/role', '/user?name=ghost']);
    },
  );

  it('of other statuses are not followed', async () => {
    const [leader, follower] = await Promise.all([standIn(), standIn()]);
    follower.misbehave((_, response) => {
      response.writeHead(302, { location: `http://${leader.address}/user?name=k` }).end();
    });
    const store = await openStore([follower]);
    await expect(store.find('k')).rejects.toThrow('it answers with status 302');
    expect(leader.requests).toEqual([]);
  });

  it('from a leader to a host that nobody vouches for are not followed', async () => {
    const [follower, leader, foreign] = await Promise.all([standIn(), standIn(), standIn()]);
    follower.leader = leader.address;
    leader.leader = foreign.address;
    const options = { username: 'svc', password: 'svc-pw' };
    const store = await openStore([follower], options);
    await expect(store.find('k')).rejects.toThrow(
      `it redirects to http://${foreign.address}, which is not in auth.meta-addr`,
    );
    await expect(store.verify('ldap', 'dir pw&=é')).rejects.toThrow(StoreUnavailableError);
    expect(foreign.requests).toEqual([]);
  });

  it('to a host that the cluster does not list are not followed, whoever sends them there', async () => {
    const [node, foreign] = await Promise.all([standIn(), standIn()]);
    node.misbehave(
      (request, response) => {
        redirect(`http://${foreign.address}${request.url ?? ''}`)(request, response);
      },
      { path: '/user' },
    );
    const store = await openStore([node], { username: 'svc', password: 'svc-pw' });
    await expect(store.find('k')).rejects.toThrow(
      `it redirects to http://${foreign.address}, which is not in auth.meta-addr, nor listed by a node that is`,
    );
    expect(foreign.requests).toEqual([]);
  });

  it('between configured nodes are followed to and fro', async () => {
    const [one, other] = await Promise.all([standIn(), standIn()]);
    one.leader = other.address;
    const store = await openStore([one, other]);
    expect(await store.find('k')).toBeDefined();
    one.leader = undefined;
    other.leader = one.address;
    expect(await store.find('ldap')).toBeDefined();
  });
});
