import express from 'express';
import request from 'supertest';
import { AskedTargets } from '../../lib/express/asked-targets.js';
import { forwardAuth } from '../../lib/index.js';
import { openAuth } from '../support/open-auth.js';
import { amy, original } from './asking-proxy.js';

/** The limit of remembered targets, and of their length in characters. */
const MOST = 256;
const LONGEST = 128;

/** Asks as a user who may: what was read is kept. */
function ask(asked: AskedTargets, target: string): readonly string[] {
  const targets = asked.of(target);
  asked.keep(target, targets);
  return targets;
}

/** Returns true if a target isn't read anew: the very same list comes back. */
const isKept = (asked: AskedTargets, target: string): boolean =>
  asked.of(target) === asked.of(target);

describe('the targets that a proxy asks about', () => {
  it.each<[target: string, isKept: boolean, why: string]>([
    ['/kapacitor/v1/tasks', true, 'it holds no secret'],
    ['/svc/kapacitor/v1/tasks', true, 'it holds no secret'],
    ['/kapacitor/v1/tasks?p=secret', false, 'it has a query'],
    ['/subscribe/SECRET-TOKEN/write', false, 'it holds a token'],
    ['/svc/subscribe/SECRET-TOKEN/write', false, 'it holds a token'],
    ['/SUBSCRIBE/SECRET-TOKEN', false, 'it holds a token'],
    ['/%73ubscribe/SECRET-TOKEN/write', false, 'it holds a token'],
    ['/%2573ubscribe/SECRET-TOKEN', false, 'it holds a token'],
    [`/${'x'.repeat(LONGEST - 1)}`, true, 'it is just short enough'],
    [`/${'x'.repeat(LONGEST)}`, false, 'it is too long'],
  ])('%s is kept: %s, since %s', (target, expected) => {
    const asked = new AskedTargets('/svc');
    const targets = ask(asked, target);
    expect(isKept(asked, target)).toBe(expected);
    expect(asked.of(target)).toEqual(targets);
  });

  it('are not kept until somebody may ask for them', () => {
    const asked = new AskedTargets('');
    asked.of('/kapacitor/v1/tasks');
    expect(isKept(asked, '/kapacitor/v1/tasks')).toBe(false);
  });

  it('drive out none, however many strangers ask for', () => {
    const asked = new AskedTargets('');
    ask(asked, '/kapacitor/v1/tasks');
    for (let index = 0; index < 10 * MOST; index += 1) asked.of(`/${String(index)}`);
    expect(isKept(asked, '/kapacitor/v1/tasks')).toBe(true);
  });

  it('are kept up to a limit', () => {
    const asked = new AskedTargets('');
    const targets = Array.from({ length: MOST }, (_, index) => `/${String(index)}`);
    const kept = () => targets.filter((target) => isKept(asked, target)).length;
    for (const target of targets) ask(asked, target);
    expect(kept()).toBe(MOST);
    for (const target of targets) ask(asked, target);
    expect(kept()).toBe(MOST);
    ask(asked, '/one-more');
    expect(kept()).toBe(0);
    expect(isKept(asked, '/one-more')).toBe(true);
  });

  it('are read below the base path, and as the API below any other', () => {
    const asked = new AskedTargets('/svc');
    expect(asked.of('/svc/kapacitor/v1/tasks?x=1')).toEqual(['/kapacitor/v1/tasks?x=1']);
    expect(asked.of('/other/kapacitor/v1/tasks')).toEqual([
      '/other/kapacitor/v1/tasks',
      '/kapacitor/v1/tasks',
    ]);
    expect(() => asked.of('/svc;x/kapacitor/v1/tasks')).toThrow('%3B');
  });
});

it.each([
  [401, {}, '/kapacitor/v1/tasks', 0],
  [403, amy, '/kapacitor/v1/config', 0],
  [200, amy, '/kapacitor/v1/tasks', 1],
])('a question that is answered %i, from %j about %s, is kept %i times', async (...row) => {
  const [status, login, target, times] = row;
  const keep = jest.spyOn(AskedTargets.prototype, 'keep').mockClear();
  const app = express().all('/auth', forwardAuth(openAuth()));
  const question = { ...original('GET', target), ...login };
  await request(app).get('/auth').set(question).expect(status);
  expect(keep).toHaveBeenCalledTimes(times);
});
