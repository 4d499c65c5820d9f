import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/own-answers.js';

afterAll(() => auth.close());

describe('the example of own answers', () => {
  it('sends people to a page where they log in', async () => {
    const asked = request(app).get('/console').accept('text/html');
    await asked.expect(302).expect('Location', '/login');
  });

  it('challenges programs', async () => {
    const { headers, body } = await request(app).get('/console').expect(401);
    expect(headers['www-authenticate']).toContain('Basic realm="kapacitor", charset="UTF-8"');
    expect(body).toHaveProperty('error', 'unable to parse authentication credentials');
  });
});
