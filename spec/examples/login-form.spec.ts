import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/login-form.js';

afterAll(() => auth.close());

// As it runs for who tries it: Express shows and prints the stacks of errors that nobody answers.
app.set('env', 'development');

const login = (browser: ReturnType<typeof request.agent>, name: string, password: string) =>
  browser.post('/login').type('form').send({ name, password });

describe('the example of a login form', () => {
  it('lets a session see what its user may see, until it logs out', async () => {
    const browser = request.agent(app);
    await login(browser, 'amy', 'amy-pw').expect(303).expect('Location', '/reports');
    await browser.get('/reports').expect(200, 'Reports for amy');
    await browser.post('/logout').expect(303);
    await browser.get('/reports').expect(401);
  });

  it('gives a session another number when its user logs in', async () => {
    const browser = request.agent(app);
    const first = await login(browser, 'amy', 'amy-pw');
    const second = await login(browser, 'amy', 'amy-pw');
    expect(second.headers['set-cookie']).not.toEqual(first.headers['set-cookie']);
  });

  it('forbids what its user may not do, and lets clients without a session send a password', async () => {
    const browser = request.agent(app);
    await login(browser, 'bob', 'bob-pw').expect(303);
    await browser.get('/reports').expect(403);
    await request(app).get('/reports').auth('amy', 'amy-pw').expect(200, 'Reports for amy');
  });

  it.each([
    ['amy', 'wrong'],
    ['nobody', 'amy-pw'],
    ['~subscriber', 'amy-pw'],
    ['', 'amy-pw'],
  ])('refuses %j with %j', async (name, password) => {
    const print = jest.spyOn(console, 'error').mockImplementation();
    const browser = request.agent(app);
    const refusal = await login(browser, name, password).expect(401);
    await browser.get('/reports').expect(401);
    // The header would open the browser's own dialogue over the form.
    expect(refusal.headers).not.toHaveProperty('www-authenticate');
    expect(refusal.type).toBe('text/plain');
    expect(refusal.text).toMatch(/^[^\n]+$/);
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
  });

  it('judges its user as of now, and ends with the user', async () => {
    const browser = request.agent(app);
    await login(browser, 'team-joe', 'team-joe-pw').expect(303);
    await browser.get('/reports').expect(403);
    await auth.users?.update('team-joe', { permissions: ['api'] });
    await browser.get('/reports').expect(200);
    await auth.users?.delete('team-joe');
    await browser.get('/reports').expect(401);
  });

  it('is throttled like requests are', async () => {
    const browser = request.agent(app);
    for (let guess = 0; guess < 10; guess += 1) {
      await login(browser, 'team-zoe', `guess ${String(guess)}`).expect(401);
    }
    const refusal = await login(browser, 'team-zoe', 'team-zoe-pw').expect(429);
    expect(Number(refusal.headers['retry-after'])).toBeGreaterThan(0);
    await request(app).get('/reports').auth('team-zoe', 'team-zoe-pw').expect(429);
  });
});
