import express from 'express';
import request from 'supertest';
import * as forServer from '../lib/for-server.js';
import { gatewayAuth } from '../lib/for-server.js';
import type { KapacitorAuthOptions } from '../lib/index.js';
import * as surface from '../lib/index.js';
import { kapacitorAuth, MemoryUserStore } from '../lib/index.js';
import manifest from '../package.json';
import { listeningLogger } from './support/listening-logger.js';

const options = (enforce: 'on' | 'report'): KapacitorAuthOptions => ({
  configFile: false,
  store: new MemoryUserStore(),
  logger: listeningLogger(),
  auth: { enforce },
});

async function statusOf(auth: express.RequestHandler): Promise<number> {
  const app = express().use(auth, (_request, response) => response.json({}));
  return (await request(app).get('/kapacitor/v1/users')).status;
}

describe('what the server needs beyond the public surface', () => {
  it('is no part of it, and no path of the package leads there', () => {
    const names = Object.keys(surface);
    expect(Object.keys(forServer).filter((name) => names.includes(name))).toEqual([]);
    expect(JSON.stringify(manifest.exports)).not.toMatch(/for-server|\*/);
  });
});

describe('the middleware of a gateway', () => {
  it('refuses even if refusals are only reported; that of an app lets pass', async () => {
    const reporting = options('report');
    expect(await statusOf(kapacitorAuth(reporting))).toBe(200);
    expect(await statusOf(gatewayAuth(reporting).auth)).toBe(401);
    expect(await statusOf(gatewayAuth({ ...reporting }).auth)).toBe(401);
  });

  it('comes with a judge of requests that pass, if refusals are only reported', () => {
    expect(gatewayAuth(options('report')).judge).toBeDefined();
    expect(gatewayAuth(options('on')).judge).toBeUndefined();
  });
});
