// What every consumer does with the package, whichever way it got hold of it.
const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { devNull, tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = async function use(express, face) {
  const required = require('kapacitor-auth');
  assert.equal(face.ConfigError, required.ConfigError, 'import and require give one class');
  const { userStoreContract } = require('kapacitor-auth/store-contract');
  const memory = { durable: false, shared: false, subscriptions: true, grants: true };
  for (const { name, run } of userStoreContract(() => new face.MemoryUserStore(), memory)) {
    await run().catch((error) => assert.fail(`the store in memory: ${name}: ${error}`));
  }

  const { version } = require('kapacitor-auth/package.json');
  const bin = join(__dirname, '..', 'node_modules', '.bin', 'kapacitor-auth');
  assert.equal(execFileSync(bin, ['--version'], { encoding: 'utf8' }).trim(), version);

  for (const name of ['commander', 'pino']) {
    assert.throws(() => require(name), { code: 'MODULE_NOT_FOUND' }, `${name} is in the program`);
  }
  await serve(bin);

  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-consumer-'));
  const stores = [
    new face.MemoryUserStore([{ name: 'root', password: 'root-pw', type: 'admin' }]),
    { type: 'sqlite', path: join(folder, 'users.db') },
    { type: 'file', path: join(folder, 'users.json') },
  ];
  for (const store of stores) await protect(express, face, store);
  await missPg(face);
  rmSync(folder, { recursive: true });
};

/** The command is one file, of which its workers run, too. */
async function serve(bin) {
  const cwd = mkdtempSync(join(tmpdir(), 'kapacitor-auth-consumer-'));
  const words = 'serve --port 0 --workers 2 --store users.db';
  const child = spawn(process.execPath, [bin, ...words.split(' ')], {
    cwd,
    env: {
      ...process.env,
      KAPACITOR_CONFIG_PATH: devNull,
      KAPACITOR_ADMIN_PASSWORD: 'root-pw',
      KAPACITOR_AUDIT_PATH: 'audit.log',
    },
  });
  const ended = once(child, 'close');
  let log = '';
  const origin = await new Promise((resolve, reject) => {
    ended.then(() => reject(new Error(`ended: ${log}`)), reject);
    child.stderr.on('data', (chunk) => (log += chunk));
    child.stdout.on('data', (chunk) => {
      log += chunk;
      const [, found] = /listening on (http:[^,]+\d)/.exec(log) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const headers = { Authorization: `Basic ${btoa('admin:root-pw')}` };
  assert.equal((await fetch(`${origin}/kapacitor/v1/users`, { headers })).status, 200);
  assert.equal((await fetch(`${origin}/kapacitor/v1/users`)).status, 401);
  child.kill('SIGTERM');
  const [exitCode] = await ended;
  assert.equal(exitCode, 0, log);
  assert.match(
    readFileSync(join(cwd, 'audit.log'), 'utf8'),
    /^\{.*"ERR_KAUTH_CREDENTIALS_MISSING"/m,
  );
  assert.match(log, /^\{"level":30,"time":"[^"]+".*"status":401/m);
  rmSync(cwd, { recursive: true });
}

async function protect(express, face, store) {
  const { kapacitorAuth, requireDatabase, requirePermission } = face;
  const logger = { info() {}, warn() {}, error: console.error };
  const auth = kapacitorAuth({ configFile: devNull, auth: { bcryptCost: 4 }, store, logger });
  await auth.users.create({ name: 'amy', password: 'amy-pw', permissions: ['api'] });

  const app = express();
  app.use(auth);
  app.get('/reports', requirePermission('api'), (request, response) => {
    response.json({ name: request.user.name });
  });
  app.post('/write', requireDatabase('write'));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await visit(`http://127.0.0.1:${server.address().port}`);
  server.close();
  server.closeAllConnections();
  await auth.close();
}

/** No consumer here has pg, which only users in PostgreSQL need. */
async function missPg({ PostgresUserStore }) {
  const store = new PostgresUserStore({ url: 'postgres://127.0.0.1/users' });
  await assert.rejects(async () => store.open(), /npm install pg/);
  await store.close();
}

async function visit(origin) {
  const ask = (path, password, method = 'GET') => {
    const headers = password ? { Authorization: `Basic ${btoa(`amy:${password}`)}` } : {};
    return fetch(`${origin}${path}`, { method, headers });
  };
  const refused = await ask('/reports');
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('www-authenticate'), 'Basic realm="kapacitor", charset="UTF-8"');
  assert.equal((await ask('/reports', 'wrong')).status, 401);
  assert.equal((await ask('/write?db=telegraf', 'amy-pw', 'POST')).status, 403);
  assert.deepEqual(await (await ask('/reports', 'amy-pw')).json(), { name: 'amy' });
}
