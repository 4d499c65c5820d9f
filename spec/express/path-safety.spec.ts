import { once } from 'node:events';
import type { Server } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { Express, Request, Response } from 'express';
import fc from 'fast-check';
import { z } from 'zod';
import type { KapacitorUser, Privilege } from '../../lib/index.js';
import { authorizeApi, kapacitorAuth, MemoryUserStore } from '../../lib/index.js';
import { PRIVILEGES } from '../../lib/privileges/privilege.js';
import { expresses } from '../support/expresses.js';

const METHOD_NEEDS: Record<string, Privilege> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'write',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'delete',
};

const users = [
  { name: 'api', password: 'pw', permissions: ['api'] },
  { name: 'config', password: 'pw', permissions: ['config_api'] },
  { name: 'writer', password: 'pw', permissions: ['write_points'] },
  { name: 'nobody', password: 'pw' },
] as const;

/** An app's handlers, which say what a user needs to be allowed to reach them. */
function mount(app: Express, express: (typeof expresses)[number][1]): void {
  const handler =
    (name: string, resource: string) =>
    (request: Request, response: Response): void => {
      const { db } = request.query;
      const reached: Reached = {
        handler: name,
        privilege: METHOD_NEEDS[request.method] ?? 'none',
        resource,
        ...(name === 'write' && typeof db === 'string' && { database: db }),
        ...(name === 'write' && db !== undefined && typeof db !== 'string' && { database: 'many' }),
      };
      response
        .set('X-Reached', encodeURIComponent(JSON.stringify(reached)))
        .status(200)
        .end();
    };
  app.all('/kapacitor/v1/config', handler('config', '/api/config'));
  app.all('/kapacitor/v1/config/:section', handler('section', '/api/config/x'));
  app.use('/kapacitor/v1/write', handler('write', '/api/write'));
  app.all('/write', handler('write', '/api/write'));
  app.all('/kapacitor/v1/tasks', handler('tasks', '/api/tasks'));
  const users = express.Router();
  users.all('/', handler('users', '/api/users'));
  users.all('/:name', handler('user', '/api/users/x'));
  app.use('/kapacitor/v1/users', users);
  const preview = express.Router();
  preview.all('/config', handler('config', '/api/config'));
  app.use('/kapacitor/v1preview', preview);
  app.use(handler('rest', '/'));
}

async function listen(app: Express): Promise<Server> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function portOf(server: Server): number {
  return z.object({ port: z.number() }).parse(server.address()).port;
}

const reachedSchema = z.object({
  handler: z.string(),
  privilege: z.enum(PRIVILEGES),
  resource: z.string(),
  database: z.string().optional(),
});

/** Which handler ran, and with which database. */
type Reached = z.infer<typeof reachedSchema>;

describe.each(expresses)('on %s', (_name, express) => {
  const auth = kapacitorAuth({
    http: { authEnabled: true },
    auth: { enabled: true, bcryptCost: 4 },
    store: new MemoryUserStore(users),
  });
  let server: Server;
  const resolved = new Map<string, KapacitorUser>();

  /** Sends a path as it is: neither fetch nor supertest would. */
  const send = (user: string, method: string, path: string) =>
    new Promise<{ status: number; reached: Reached | undefined }>((resolve, reject) => {
      httpRequest({ port: portOf(server), method, path, auth: `${user}:pw` }, (response) => {
        const header = response.headers['x-reached'];
        response.resume().on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            reached:
              typeof header === 'string'
                ? reachedSchema.parse(JSON.parse(decodeURIComponent(header)))
                : undefined,
          });
        });
      })
        .on('error', reject)
        .end();
    });

  /** The ways in which the API may stand in an app. */
  const layouts: readonly [string, (app: Express) => void, prefix: string][] = [
    [
      'at the root',
      (app) => {
        app.use(auth, authorizeApi());
        mount(app, express);
      },
      '',
    ],
    [
      'with the rules mounted on its path',
      (app) => {
        app.use(auth);
        app.use(['/kapacitor/v1', '/kapacitor/v1preview', '/write'], authorizeApi());
        mount(app, express);
      },
      '',
    ],
    [
      'in an app below another',
      (app) => {
        const below = express();
        below.use(auth, authorizeApi());
        mount(below, express);
        app.use('/svc', below);
      },
      '/svc',
    ],
    [
      'in an app below another that is told of',
      (app) => {
        const below = express();
        below.use(auth, authorizeApi({ basePath: '/svc' }));
        mount(below, express);
        app.use('/svc', below);
      },
      '/svc',
    ],
    [
      'behind a rewrite',
      (app) => {
        app.use((request, _response, next) => {
          request.url = request.url.replace(/^\/alias/, '/kapacitor/v1');
          next();
        });
        app.use(auth, authorizeApi());
        mount(app, express);
      },
      '',
    ],
  ];

  afterAll(() => auth.close());

  describe.each(layouts)('%s', (_layout, build, prefix) => {
    beforeAll(async () => {
      const app = express();
      build(app);
      server = await listen(app);
      for (const { name } of users) {
        const basic = `Basic ${Buffer.from(`${name}:pw`).toString('base64')}`;
        resolved.set(name, await auth.authenticate({ headers: { authorization: basic } }));
      }
    });

    afterAll(() => {
      server.closeAllConnections();
      server.close();
    });

    const segment = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('config', 'write', 'tasks', 'users', 'influxdb') },
      { weight: 2, arbitrary: fc.constantFrom('kapacitor', 'v1', 'v1preview', 'alias', 'svc') },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '',
          '.',
          '..',
          '%2e%2e',
          '%2F',
          '%5c',
          ';x',
          'c%6fnfig',
          '%63onfig',
        ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '%',
          '%00',
          '%ff',
          '%252e',
          'config%20',
          'config.',
          'CONFIG',
          'Write',
        ),
      },
    );
    const start = fc.constantFrom(
      '/kapacitor/v1',
      '/KAPACITOR/V1',
      '/kapacitor/v1preview',
      '/alias',
      '',
    );
    const query = fc.constantFrom(
      '',
      '',
      '?db=mydb',
      '?db=a&db=b',
      '?db[]=a',
      '?DB=x',
      '?x#/config',
      '?db=',
    );
    const path = fc
      .tuple(start, fc.array(segment, { maxLength: 3 }), fc.constantFrom('', '/'), query)
      .map(([head, segments, slash, tail]) => [head, ...segments].join('/').concat(slash, tail))
      .map((text) => `${prefix}${text.startsWith('/') ? text : `/${text}`}`);

    it('no handler is reached by a user who lacks its privilege', async () => {
      let reachedOften = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...users.map(({ name }) => name)),
          fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'),
          path,
          async (name, method, target) => {
            const { reached, status } = await send(name, method, target);
            if (reached === undefined) {
              expect([400, 403]).toContain(status);
              return;
            }
            reachedOften += 1;
            const user = resolved.get(name);
            if (reached.handler !== 'rest') {
              expect([target, user?.can(reached.privilege, reached.resource)]).toEqual([
                target,
                true,
              ]);
            }
            if (
              reached.database !== undefined &&
              reached.privilege === 'write' &&
              reached.database !== ''
            ) {
              expect([target, user?.canDatabase('write', reached.database)]).toEqual([
                target,
                true,
              ]);
            }
          },
        ),
        { numRuns: 600 },
      );
      expect(reachedOften).toBeGreaterThan(20);
    });

    it('who has the privilege reaches the handler', async () => {
      const full = prefix === '/svc' ? 'api' : 'config';
      const { reached } = await send('api', 'GET', `${prefix}/kapacitor/v1/tasks`);
      expect(reached?.handler).toBe('tasks');
      if (full === 'config') {
        const config = await send('config', 'PATCH', `${prefix}/kapacitor/v1/config/influxdb/`);
        expect(config.reached?.handler).toBe('section');
        const write = await send('writer', 'POST', `${prefix}/kapacitor/v1/write?db=mydb`);
        expect(write.reached).toMatchObject({ handler: 'write', database: 'mydb' });
      }
    });
  });

  it('below basePath, the rules are those of the root', async () => {
    const [, , , told] = layouts;
    const app = express();
    told?.[1](app);
    server = await listen(app);
    const { reached } = await send('config', 'GET', '/svc/kapacitor/v1/config');
    expect(reached?.handler).toBe('config');
    expect((await send('api', 'GET', '/SVC/kapacitor/v1/config')).status).toBe(403);
    server.closeAllConnections();
    server.close();
  });
});
