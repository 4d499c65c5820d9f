import express from 'express';
import request from 'supertest';
import { isForgeable } from '../../lib/express/cross-site.js';
import { usersApi } from '../../lib/index.js';
import { openAuth } from '../support/open-auth.js';

const body = JSON.stringify({ name: 'eve', password: 'eve-pw', type: 'admin' });

describe('a request to make a user', () => {
  it.each<[string, Record<string, string>, number]>([
    ['from a program', {}, 200],
    ['from a program that sends JSON', { 'Content-Type': 'application/json' }, 200],
    ['from a page of the same origin', { 'Sec-Fetch-Site': 'same-origin' }, 200],
    ['typed by a person', { 'Sec-Fetch-Site': 'none' }, 200],
    ['from a form on another site', { 'Sec-Fetch-Site': 'cross-site' }, 403],
    ['from a form on a sibling site', { 'Sec-Fetch-Site': 'same-site' }, 403],
    [
      'from a form that says it sends text',
      { 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'text/plain' },
      403,
    ],
    ['from an old browser on another site', { Origin: 'https://evil.example' }, 403],
    ['from an old browser that hides where', { Origin: 'null' }, 403],
    ['from an old browser on this site', { Origin: 'http://here:9095', Host: 'here:9095' }, 200],
    [
      'that a preflight allowed',
      { 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'application/json; charset=utf-8' },
      200,
    ],
  ])('%s is answered as it deserves', async (_from, headers, status) => {
    const auth = openAuth();
    const app = express().use(usersApi(auth));
    const sent = request(app).post('/kapacitor/v1/users').auth('root', 'root-pw');
    const answer = await sent
      .set({ 'Content-Type': 'application/octet-stream', ...headers })
      .send(body)
      .expect(status);
    if (status === 403) {
      expect(answer.body).toHaveProperty('error', expect.stringContaining('pages of another site'));
    }
    expect((await auth.users?.get('eve')) !== undefined).toBe(status === 200);
  });
});

it.each([
  ['a proxy that the app trusts', 'loopback', 200],
  ['a proxy that it does not', false, 403],
])('the host that %s tells is compared with the page’s', async (_who, trusted, status) => {
  const app = express().set('trust proxy', trusted).use(usersApi(openAuth()));
  const sent = request(app).post('/kapacitor/v1/users').auth('root', 'root-pw');
  const told = { Origin: 'https://console.example', 'X-Forwarded-Host': 'Console.example:443' };
  await sent
    .set({ 'Content-Type': 'text/plain', ...told })
    .send(body)
    .expect(status);
});

it('what another site sent is told apart by the app', async () => {
  const codes: string[] = [];
  const auth = openAuth({
    onError: ({ code }, _request, response) => {
      codes.push(code);
      response.end();
    },
  });
  const app = express().use(auth, usersApi(auth));
  const sent = request(app).post('/kapacitor/v1/users').auth('root', 'root-pw');
  await sent.set('Sec-Fetch-Site', 'cross-site').send(body);
  expect(codes).toEqual(['ERR_KAUTH_FORBIDDEN']);
});

describe('what a form of another site can make a browser send', () => {
  const cross = { 'sec-fetch-site': 'cross-site' };

  it.each([
    ['POST', cross, true],
    ['POST', { ...cross, 'content-type': 'text/plain; application/json' }, true],
    ['POST', { ...cross, 'content-type': 'application/jsonx' }, true],
    ['POST', { origin: 'http://evil/http://here', host: 'here' }, true],
    ['POST', { origin: '1http://2', host: '12' }, true],
    ['POST', { origin: 'http://here', host: 'here' }, false],
    ['POST', { origin: 'http://here', host: 'here:80' }, false],
    ['POST', { origin: 'https://here', host: 'here:443' }, false],
    ['POST', { origin: 'https://here:443', host: 'here' }, false],
    ['POST', { origin: 'https://HERE', host: 'Here' }, false],
    ['POST', { origin: 'http://[::1]:9095', host: '[::1]:9095' }, false],
    ['POST', { origin: 'https://here', host: 'here:80' }, true],
    ['POST', { origin: 'http://here', host: 'here:443' }, true],
    ['POST', { origin: 'http://here:8080', host: 'here' }, true],
    ['POST', { origin: 'http://here' }, true],
    ['POST', { origin: 'http://here', host: 'evil@here' }, true],
    ['POST', { origin: 'http://evil@here', host: 'here' }, true],
    ['POST', { origin: 'http://here', host: 'here/x' }, true],
    ['POST', { origin: 'file://', host: '' }, true],
    ['POST', { origin: 'http://here', host: 'other', 'x-forwarded-host': 'here' }, true],
    ['POST', {}, false],
    ['GET', cross, false],
    ['PATCH', cross, false],
    ['DELETE', { origin: 'https://evil.example', host: 'here' }, false],
  ])('%s with %j: %s', (method, headers, isIt) => {
    expect(isForgeable({ method, headers })).toBe(isIt);
  });

  it.each([
    ['GET', { origin: 'http://here' }, 0],
    ['POST', { origin: 'http://here', 'content-type': 'application/json' }, 0],
    ['POST', { origin: 'http://here', 'sec-fetch-site': 'same-origin' }, 0],
    ['POST', { origin: 'http://here' }, 1],
  ])('%s with %j: the host is looked for %i times', (method, headers, times) => {
    const askedHost = jest.fn(() => 'here');
    expect(isForgeable({ method, headers }, askedHost)).toBe(false);
    expect(askedHost).toHaveBeenCalledTimes(times);
  });
});
