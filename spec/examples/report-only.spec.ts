import './surroundings.js';
import express from 'express';
import request from 'supertest';
import { refusals, reporting } from '../../fixtures/examples/report-only.js';
import { requirePermission } from '../../lib/index.js';

afterAll(() => reporting.close());

it('the example of reports tells whom the app would refuse, and lets them through', async () => {
  const app = express();
  app.use(reporting);
  app.get('/config', requirePermission('config_api'), (_request, response) => {
    response.sendStatus(204);
  });
  await request(app).get('/config').auth('amy', 'amy-pw').expect(204);
  await request(app).get('/config').auth('amy', 'wrong').expect(204);
  await request(app).get('/config').auth('root', 'root-pw').expect(204);
  expect(refusals).toEqual([
    'amy: GET /config ERR_KAUTH_FORBIDDEN',
    'amy: GET /config ERR_KAUTH_FAILED',
  ]);
});
