import { runWithLib } from './support/lib-process.js';

/** Packages that are slow to load, and not needed by every program. */
const SLOW = ['express', 'jws', 'libsql', 'pg', 'pino', 'prom-client', 'undici', 'zod'];

/** The slow libraries that are loaded once a program has run. */
async function loadedBy(program: string): Promise<unknown> {
  return runWithLib({
    script: `
      const { kapacitorAuth, ...rest } = lib('index.js');
      ${program}
      const files = Object.keys(require.cache);
      const isLoaded = (name) => files.some((file) => file.includes('/node_modules/' + name + '/'));
      console.log(JSON.stringify(args.filter(isLoaded)));`,
    args: SLOW,
  });
}

const options = JSON.stringify({ http: { authEnabled: true }, auth: { enabled: true } });

/** The slow libraries that are loaded once a server answers, and once it is whole. */
async function loadedByServer(): Promise<unknown> {
  return runWithLib({
    script: `
      const { startServer } = lib('server/start-server.js');
      const isLoaded = (name) =>
        Object.keys(require.cache).some((file) => file.includes('/node_modules/' + name + '/'));
      const log = require('pino').pino({ level: 'silent' }, { write() {} });
      const options = { ...${options}, configFile: false, store: { path: ':memory:' } };
      const server = await startServer({ host: '127.0.0.1', port: 0, logger: log, options });
      const first = args.filter(isLoaded);
      await server.whole;
      const soon = args.filter(isLoaded);
      await server.stop();
      console.log(JSON.stringify({ first, soon }));`,
    args: SLOW,
  });
}

it('Express is loaded once a server answers, and before somebody needs it', async () => {
  await expect(loadedByServer()).resolves.toEqual({
    first: ['libsql', 'pino'],
    soon: ['express', 'libsql', 'pino', 'zod'],
  });
});

describe('slow libraries are loaded only by what needs them:', () => {
  it.each<[program: string, libraries: readonly string[], code: string]>([
    ['the package', [], ''],
    ['the middleware', [], `kapacitorAuth(${options});`],
    ['the SQLite store', ['libsql'], `await new rest.SqliteUserStore(':memory:').open();`],
    [
      'a PostgreSQL store that is not opened',
      [],
      `new rest.PostgresUserStore({ url: 'postgres://db/users' });`,
    ],
    ['the users API', ['express', 'zod'], `rest.usersApi(kapacitorAuth(${options}));`],
    [
      'a server without an upstream',
      ['express', 'libsql', 'pino', 'zod'],
      `const { startServer } = lib('server/start-server.js');
      const log = require('pino').pino({ level: 'silent' }, { write() {} });
      const options = { ...${options}, configFile: false, store: { path: ':memory:' } };
      const server = await startServer({ host: '127.0.0.1', port: 0, logger: log, options });
      await server.whole;
      await server.stop();`,
    ],
    ['a token', ['jws'], `rest.signToken({ username: 'amy', lifetime: 60 }, 'secret');`],
  ])('%s loads %j', async (_program, libraries, code) => {
    await expect(loadedBy(code)).resolves.toEqual(libraries);
  });
});
