import { EventEmitter } from 'node:events';
import type { AuditTrail, HeardEvent } from '../../../lib/index.js';
import { RecentEvents, StoreUnavailableError } from '../../../lib/index.js';
import type { Peer } from '../../../lib/server/workers/line.js';
import { Line } from '../../../lib/server/workers/line.js';
import { PrimaryAudit } from '../../../lib/server/workers/primary-audit.js';
import { readToPrimary } from '../../../lib/server/workers/questions.js';

/** The end of a channel between two processes: what is sent comes out as a copy at the other end. */
class End extends EventEmitter implements Peer {
  other: End | undefined;

  send(message: object, _handle: undefined, _options: object, sent: (error: null) => void): true {
    const copy: unknown = JSON.parse(JSON.stringify(message));
    setImmediate(() => {
      this.other?.emit('message', copy);
      sent(null);
    });
    return true;
  }
}

/** A worker of a primary that keeps events. */
function worker(kept: RecentEvents): { readonly trail: AuditTrail; readonly end: End } {
  const [here, there] = [new End(), new End()];
  [here.other, there.other] = [there, here];
  new Line(there, (received) => {
    const question = readToPrimary(received);
    if (question.kind === 'heard') kept.add(question.event);
    return question.kind === 'recent' ? kept.recent(question.query) : undefined;
  });
  return { trail: new PrimaryAudit(new Line(here, () => undefined)), end: here };
}

const grants = { type: 'normal', permissions: ['api'], grants: ['read:task/x'], disabled: true };
const refused: HeardEvent = {
  ...{ at: 1, event: 'rejected', user: 'amy', address: '10.0.0.1', method: 'GET', path: '/x' },
  ...{ code: 'ERR_KAUTH_FAILED', status: 401, reported: true },
};
const changed: HeardEvent = {
  ...{ at: 2, event: 'userChanged', user: 'amy', actor: 'root', change: 'renamed' },
  ...{ renamedTo: 'eve', fields: ['name'], before: grants, after: grants },
};

const granted: HeardEvent = {
  ...{ at: 3, event: 'subscriptionChanged', change: 'granted', actor: 'root' },
  subscription: { id: 'ab', database: 'd', retentionPolicy: 'r', cluster: 'eu' },
};

describe('the events of several workers', () => {
  it('are shown whole by each of them, the newest first, and by user', async () => {
    const kept = new RecentEvents();
    const [one, two] = [worker(kept), worker(kept)];
    one.trail.add(refused);
    await one.trail.recent();
    two.trail.add(changed);
    await two.trail.recent();
    one.trail.add(granted);
    for (const { trail } of [one, two]) {
      expect(await trail.recent()).toEqual([
        { ...granted, id: 2 },
        { ...changed, id: 1 },
        { ...refused, id: 0 },
      ]);
      expect(await trail.recent({ user: 'eve', limit: 5 })).toEqual([{ ...changed, id: 1 }]);
      expect(await trail.recent({ address: '10.0.0.1', before: 1 })).toHaveLength(1);
    }
  });

  it('can not be read once the primary is gone, which is said', async () => {
    const { trail, end } = worker(new RecentEvents());
    end.emit('disconnect');
    trail.add(refused);
    await expect(Promise.resolve(trail.recent())).rejects.toThrow(StoreUnavailableError);
  });
});
