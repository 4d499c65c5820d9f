import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../../cli/child.js';
import { buildLib } from '../../support/build-lib.js';
import { until } from '../../support/until.js';
import { ADMIN, Served } from './served.js';

/** An app with a cluster of its own, as people write it, or as pm2 makes one. */
const APP = `
const cluster = require('node:cluster');
const { createServer } = require('node:http');
const { kapacitorAuth, usersApi, authorizeApi } = require(process.argv[2] + '/index.js');
const express = require('express');
if (cluster.isPrimary) {
  for (let index = 0; index < 3; index += 1) cluster.fork();
  cluster.once('listening', (_worker, { port }) => console.log('port ' + port + ';'));
} else {
  const auth = kapacitorAuth({ configFile: false, store: { path: 'users.db' }, throttle: { enabled: false } });
  const app = express();
  app.use((_request, response, next) => { response.set('X-Worker', String(process.pid)); next(); });
  app.use(auth, usersApi(auth), authorizeApi(), (request, response) => response.send(request.user.name));
  createServer(app).listen(0, '127.0.0.1');
}
`;

it('an app with a cluster of its own sees within a second what another of its processes changed', async () => {
  const served = new Served();
  let app: Child | undefined;
  try {
    const add = served.run(`users add admin --type admin --password-stdin --store users.db`);
    add.process.stdin.end(`${ADMIN[1]}\n`);
    await expect(add.exited).resolves.toBe(0);
    const lib = buildLib();
    const program = join(served.folder, 'app.cjs');
    writeFileSync(program, APP.replace("'express'", JSON.stringify(require.resolve('express'))));
    app = new Child(process.execPath, [program, lib], { cwd: served.folder });
    const [, port = ''] = await app.until(/port (\d+);/);
    served.ask(`http://127.0.0.1:${port}`);
    const agents = served.connections(6);
    const amy = { name: 'amy', password: 'password-0', permissions: ['api'] };
    await served.change('POST', 'users', amy);
    for (let round = 1; round <= 5; round += 1) {
      const [old, current] = [round - 1, round].map((number) => `password-${String(number)}`);
      const statuses = (password = '') =>
        Promise.all(agents.map((agent) => served.status(['amy', password], agent)));
      const is401 = async () => (await statuses(old)).map((status) => status === 401);
      await until('the password counts everywhere', async () => !(await is401()).includes(true));
      await served.change('PATCH', 'users/amy', { password: current }, agents[round]);
      // A new password counts at once, since one that fails is tried against a fresh copy.
      await until('the old one counts nowhere', async () => !(await is401()).includes(false));
      expect(new Set(await statuses(current))).not.toContain(401);
    }
  } finally {
    app?.process.kill('SIGKILL');
    await app?.exited;
    await served.end();
  }
});
