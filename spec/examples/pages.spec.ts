import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/pages.js';

afterAll(() => auth.close());

/** As a browser sends forms of the same origin. */
const OWN = { 'Sec-Fetch-Site': 'same-origin' };

describe('the example of an app with pages', () => {
  it('lets a user log in and see the own account, and keeps the rest behind Basic credentials', async () => {
    const browser = request.agent(app);
    await browser.get('/admin/account').expect(303);
    await browser
      .post('/admin/login')
      .set(OWN)
      .type('form')
      .send({ name: 'amy', password: 'amy-pw' })
      .expect(303);
    await browser.get('/admin/account').expect(200, /Logged in as <bdi>amy<\/bdi>/);
    await browser.get('/').expect(401);
    await browser.post('/admin/logout').set(OWN).expect(303);
    await browser.get('/admin/account').expect(303);
  });
});
