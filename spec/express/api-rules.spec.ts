import request from 'supertest';
import { authorizeApi } from '../../lib/index.js';
import { expresses } from '../support/expresses.js';
import { openAuth } from '../support/open-auth.js';

describe.each(expresses)('Kapacitor’s rules on %s', (_name, express) => {
  function appAt(mount: string) {
    const app = express();
    app.use(mount, openAuth(), authorizeApi());
    app.use((_request, response) => {
      response.json({ reached: true });
    });
    return app;
  }

  it('let a CORS preflight pass, which carries no credentials', async () => {
    const headers = { Origin: 'http://elsewhere', 'Access-Control-Request-Method': 'GET' };
    const preflight = request(appAt('/')).options('/kapacitor/v1/config').set(headers);
    await preflight.expect(200, { reached: true });
    await request(appAt('/')).options('/kapacitor/v1/config').expect(401);
  });

  it.each([
    ['/', '/config', 403],
    ['/console', '/console/config', 200],
    ['/console', '/console/tasks', 200],
    ['/console', '/console/kapacitor/v1/config', 403],
    ['/console', '/console/write?db=x', 403],
    ['/elsewhere', '/config', 200],
  ])('mounted at %s judge %s', async (mount, path, status) => {
    const sent = path.includes('write')
      ? request(appAt(mount)).post(path)
      : request(appAt(mount)).get(path);
    await sent.auth('amy', 'amy-pw').expect(status);
  });
});
