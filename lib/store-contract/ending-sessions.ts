import assert from 'node:assert/strict';
import type { EndedSessions } from '../stores/ended-sessions.js';
import type { UserStore } from '../stores/user-store.js';
import type { Clauses } from './contract-case.js';

/** Milliseconds for which a session would have gone on. */
const HOUR = 3_600_000;

/** For stores that remember sessions that were ended by a log-out. */
export const ENDING_SESSIONS: Clauses<UserStore> = {
  'remembers the sessions that ended, and no others': async (store) => {
    const sessions = sessionsOf(store);
    assert.equal(await sessions.isEnded('one'), false);
    assert.equal(await sessions.end('one', soon()), true);
    assert.equal(await sessions.end('two_-9', soon()), true);
    assert.equal(await sessions.isEnded('one'), true);
    assert.equal(await sessions.isEnded('two_-9'), true);
    assert.equal(await sessions.isEnded('On e'), false);
    assert.equal(await sessions.isEnded('ONE'), false);
    assert.equal(await sessions.isEnded(''), false);
    assert.equal(await sessions.isEnded("' OR 1 = 1 --"), false);
  },
  'ends a session once more, and keeps it until the later time': async (store) => {
    const sessions = sessionsOf(store);
    assert.equal(await sessions.end('one', soon()), true);
    assert.equal(await sessions.end('one', new Date(Date.now() - 48 * HOUR)), true);
    assert.equal(await sessions.end('two', soon()), true);
    assert.equal(await sessions.isEnded('one'), true);
  },
  'forgets sessions that would be long over anyway once others end': async (store) => {
    const sessions = sessionsOf(store);
    await sessions.end('old', new Date(Date.now() - 48 * HOUR));
    await sessions.end('new', soon());
    await sessions.end('newer', soon());
    assert.equal(await sessions.isEnded('old'), false);
    assert.equal(await sessions.isEnded('new'), true);
  },
};

/** Two connections to the same data. */
type Pair = readonly [first: UserStore, second: UserStore];

export const SHARING_ENDED_SESSIONS: Clauses<Pair> = {
  'knows at once that a session was ended over another connection': async ([first, second]) => {
    for (const id of ['a', 'b', 'c', 'd']) {
      const [here, there] = id < 'c' ? [first, second] : [second, first];
      assert.equal(await sessionsOf(there).isEnded(id), false);
      assert.equal(await sessionsOf(here).end(id, soon()), true);
      assert.equal(await sessionsOf(there).isEnded(id), true);
    }
  },
  'loses no ended session if two connections end some at once': async (pair) => {
    const ids = Array.from({ length: 20 }, (_, index) => `session-${String(index)}`);
    await Promise.all(
      ids.map(async (id, index) => sessionsOf(pair[index % 2 === 0 ? 0 : 1]).end(id, soon())),
    );
    for (const store of pair) {
      for (const id of ids) assert.equal(await sessionsOf(store).isEnded(id), true, id);
    }
  },
};

function soon(): Date {
  return new Date(Date.now() + HOUR);
}

function sessionsOf({ endedSessions }: UserStore): EndedSessions {
  assert.ok(endedSessions, 'the store has endedSessions');
  return endedSessions;
}
