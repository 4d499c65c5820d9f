import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { createProgram } from '../../lib/cli/program.js';
import { optionRows } from '../../lib/config/option-rows.js';
import { MemoryUserStore } from '../../lib/index.js';
import { startServer } from '../../lib/server/start-server.js';
import manifest from '../../package.json';
import { Child, installedMain } from '../cli/child.js';
import { MemoryTerminal } from '../cli/memory-terminal.js';
import { describeInstalled } from '../support/describe-installed.js';
import { linksOf, readPages } from '../support/pages.js';
import { silentLog } from '../support/silent-log.js';
import { CLAIMS } from './claims.js';

const ROOT = join(__dirname, '../..');
const FOLDER = join(ROOT, 'fixtures/deploy');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const TRAEFIK = read('traefik.yml');
const SERVICE = read('kapacitor-auth.service');
const DOCKERFILE = read('Dockerfile');
const COMPOSE = read('docker-compose.yml');

/** The variables that the server looks at. */
const VARIABLES = [...optionRows.map(({ variable }) => variable), 'KAPACITOR_ADMIN_PASSWORD'];

const PORT = '9095';

it('is what the documentation links to, file by file', () => {
  const prefix = '../fixtures/deploy/';
  const linked = readPages()
    .flatMap(linksOf)
    .filter((target) => target.startsWith(prefix))
    .map((target) => target.slice(prefix.length));
  // Docker finds its ignore file by its name.
  expect([...new Set([...linked, 'Dockerfile.dockerignore'])].sort()).toEqual(
    readdirSync(FOLDER).sort(),
  );
});

it.each(['nginx.conf', 'Caddyfile', 'traefik.yml'])('names trusted-proxies in %s', (name) => {
  expect(read(name)).toContain('KAPACITOR_GATEWAY_TRUSTED_PROXIES=127.0.0.1');
});

const middlewareSchema = z.strictObject({
  headers: z.strictObject({ customRequestHeaders: z.record(z.string(), z.literal('')) }).optional(),
  forwardAuth: z
    .strictObject({
      address: z.url(),
      trustForwardHeader: z.boolean(),
      authResponseHeaders: z.array(z.string()),
    })
    .optional(),
});

type MiddlewareFile = z.infer<typeof middlewareSchema>;

describe('the Traefik file', () => {
  const schema = z.strictObject({
    http: z.strictObject({
      routers: z.record(
        z.string(),
        z.strictObject({
          rule: z.string(),
          priority: z.int(),
          middlewares: z.array(z.string()).optional(),
          service: z.string(),
        }),
      ),
      middlewares: z.record(z.string(), middlewareSchema),
      services: z.record(
        z.string(),
        z.strictObject({
          loadBalancer: z.strictObject({ servers: z.array(z.strictObject({ url: z.url() })) }),
        }),
      ),
    }),
  });
  const { http } = schema.parse(parse(TRAEFIK));

  it('uses what it defines, and defines what it uses', () => {
    const routers = Object.values(http.routers);
    const middlewares = routers.flatMap((router) => router.middlewares ?? []);
    expect(middlewares.sort()).toEqual(Object.keys(http.middlewares).sort());
    expect(routers.map(({ service }) => service).sort()).toEqual(Object.keys(http.services).sort());
  });

  it('takes away what a client says of itself, then asks, then takes its credentials away', () => {
    const chain = http.routers.kapacitor?.middlewares ?? [];
    const [claims, question, credentials] = chain.map((name) => http.middlewares[name] ?? {});
    const dropped = (middleware: MiddlewareFile = {}) =>
      Object.keys(middleware.headers?.customRequestHeaders ?? {});
    const told = ['X-Kapacitor-User', 'X-Kapacitor-Permissions'];
    expect(question?.forwardAuth).toEqual({
      address: `http://127.0.0.1:${PORT}/auth`,
      trustForwardHeader: false,
      authResponseHeaders: told,
    });
    const claimed = [...told, ...CLAIMS];
    expect(dropped(claims)).toEqual(expect.arrayContaining(claimed));
    expect(dropped(credentials)).toEqual(['Authorization', 'Cookie', 'Referer']);
  });
});

describe('the systemd unit', () => {
  const values = (key: string) =>
    Array.from(SERVICE.matchAll(new RegExp(`^${key}=(.*)$`, 'gm')), ([, value = '']) => value);

  it('sets variables that exist, and switches authentication on', () => {
    const settings = values('Environment').flatMap((line) => line.split(' '));
    const names = settings.map((setting) => setting.replace(/=.*/, ''));
    expect(['NODE_ENV', ...VARIABLES]).toEqual(expect.arrayContaining(names));
    expect(settings).toContain('KAPACITOR_HTTP_AUTH_ENABLED=true');
    const mentioned = SERVICE.match(/\bKAPACITOR_\w+/g) ?? [];
    expect(VARIABLES).toEqual(expect.arrayContaining(mentioned));
  });

  it('starts the server by options that it has, and keeps users in its own state', () => {
    const [command = ''] = values('ExecStart');
    const [, program, name, ...words] = command.split(' ');
    expect([program, name]).toEqual([Object.keys(manifest.bin)[0], 'serve']);
    const serve = createProgram(new MemoryTerminal()).commands.find(
      (each) => each.name() === 'serve',
    );
    const known = serve?.options.map(({ long }) => long);
    expect(known).toEqual(expect.arrayContaining(words.filter((word) => word.startsWith('--'))));
    expect(values('StateDirectory')).toEqual(['kapacitor-auth']);
    expect(SERVICE).toContain('KAPACITOR_STORE_PATH=/var/lib/kapacitor-auth/');
    expect(values('DynamicUser')).toEqual(['yes']);
  });
});

describeInstalled('systemd-analyze', 'the systemd unit, to systemd', (analyze) => {
  it('is valid', () => {
    const { status, stderr } = spawnSync(
      analyze,
      ['verify', join(FOLDER, 'kapacitor-auth.service')],
      {
        encoding: 'utf8',
      },
    );
    // It looks for the program, too, and for what a whole system has.
    expect(stderr.split('\n').filter((line) => line.includes('kapacitor-auth.service'))).toEqual(
      [],
    );
    expect(status).toBe(0);
  });
});

describe('the Dockerfile', () => {
  const lines = DOCKERFILE.replaceAll('\\\n', ' ').split('\n');
  const instructions = lines.filter((line) => /^[A-Z]/.test(line));
  const last = (instruction: string) =>
    instructions.findLast((line) => line.startsWith(`${instruction} `))?.replace(/^\S+ +/, '') ??
    '';

  it('builds on a Node.js that the package supports, and runs without rights', () => {
    const bases = instructions.filter((line) => line.startsWith('FROM'));
    const [floor = ''] = /\d+/.exec(manifest.engines.node) ?? [];
    const versions = bases.map((base) => Number(/node:(\d+)-slim/.exec(base)?.[1]));
    // Of the even ones, which are supported for years; Node 20 and 22 are not for long, or not any more.
    expect(versions.every((version) => version >= Number(floor) && version >= 24)).toBe(true);
    expect(versions.every((version) => version % 2 === 0)).toBe(true);
    expect(bases).toHaveLength(2);
    expect(last('USER')).toBe('node');
  });

  it('copies what there is and what its ignore file lets in', () => {
    const copied = instructions
      .filter((line) => line.startsWith('COPY'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const admitted = Array.from(
      read('Dockerfile.dockerignore').matchAll(/^!(.*)$/gm),
      ([, name]) => name,
    );
    expect(copied.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
    expect(copied.sort()).toEqual(admitted.sort());
  });

  it('sets variables and listens on the port that exist', () => {
    const mentioned = DOCKERFILE.match(/\bKAPACITOR_\w+/g) ?? [];
    expect(VARIABLES).toEqual(expect.arrayContaining(mentioned));
    expect(last('EXPOSE')).toBe(PORT);
    expect(JSON.parse(last('ENTRYPOINT'))).toEqual(Object.keys(manifest.bin));
    expect(JSON.parse(last('CMD'))).toEqual(['serve', '--host', '0.0.0.0']);
  });

  it('tells by its health check whether users can be authenticated', async () => {
    const [, check = ''] = /CMD (\[.*\])/.exec(last('HEALTHCHECK')) ?? [];
    const [program, ...words] = z.array(z.string()).parse(JSON.parse(check));
    expect([program, ...words]).toEqual([Object.keys(manifest.bin)[0], 'health']);
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      options: { configFile: devNull, store: new MemoryUserStore() },
      logger: silentLog(),
    });
    const run = async () => {
      const own = [installedMain(), ...words, '--url', server.url];
      return new Child(process.execPath, own, { cwd: ROOT }).exited;
    };
    await expect(run()).resolves.toBe(0);
    await server.stop();
    await expect(run()).resolves.toBe(1);
  });
});

describe('the Compose file', () => {
  const schema = z.object({
    services: z.object({
      'kapacitor-auth': z.object({
        build: z.object({ context: z.string(), dockerfile: z.string() }),
        ports: z.array(z.string()),
        environment: z.record(z.string(), z.string()),
        volumes: z.array(z.string()),
        networks: z.array(z.string()),
      }),
      kapacitor: z.object({ ports: z.never().optional(), networks: z.array(z.string()) }),
    }),
    volumes: z.record(z.string(), z.null()),
    networks: z.record(z.string(), z.null()),
  });
  const { services, volumes, networks } = schema.parse(parse(COMPOSE));
  const { 'kapacitor-auth': gateway, kapacitor } = services;

  it('builds from the Dockerfile and sets variables that exist', () => {
    expect(join(FOLDER, gateway.build.context, gateway.build.dockerfile)).toBe(
      join(FOLDER, 'Dockerfile'),
    );
    expect(VARIABLES).toEqual(expect.arrayContaining(Object.keys(gateway.environment)));
    expect(gateway.environment.KAPACITOR_GATEWAY_UPSTREAM).toBe('http://kapacitor:9092');
    expect(gateway.ports).toEqual([`${PORT}:${PORT}`]);
  });

  it('lets clients reach the gateway only, which keeps its users', () => {
    expect(kapacitor.networks).toEqual(['kapacitor']);
    expect(gateway.networks).toEqual(Object.keys(networks));
    expect(gateway.volumes).toEqual(['users:/var/lib/kapacitor-auth']);
    expect(Object.keys(volumes)).toContain('users');
    expect(DOCKERFILE).toContain('KAPACITOR_STORE_PATH=/var/lib/kapacitor-auth/');
  });
});

describeInstalled('docker', 'the Compose file, to Docker', (docker) => {
  const hasCompose = spawnSync(docker, ['compose', 'version']).status === 0;
  if (!hasCompose) process.stderr.write('skipped: docker compose is not installed\n');
  (hasCompose ? it : it.skip)('is valid', () => {
    execFileSync(docker, [
      'compose',
      '--file',
      join(FOLDER, 'docker-compose.yml'),
      'config',
      '--quiet',
    ]);
  });
});
