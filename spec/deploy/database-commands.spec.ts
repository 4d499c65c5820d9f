import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PostgresUserStore } from '../../lib/index.js';
import { postgresSchemaSql } from '../../lib/stores/postgres/schema.js';
import { amy, OTHER_HASH } from '../stores/postgres/stores.js';
import { fences } from '../support/markdown.js';
import { describePostgres, postgresPrograms } from '../support/postgres.js';
import { removeFolder } from '../support/remove-folder.js';
import { until } from '../support/until.js';

const page = readFileSync(join(__dirname, '../../docs/scale.md'), 'utf8');
const [, backup = ''] = page.split('\n## Backup\n');
const [copy = '', back = ''] =
  fences(backup.split('\n## ')[0] ?? '')
    .find(({ language }) => language === 'sh')
    ?.text.trim()
    .split('\n') ?? [];
const [bySql = ''] = /UPDATE kapacitor_auth[^`]*/.exec(backup) ?? [];

describePostgres('a copy of the database, by the commands of docs/scale.md', (server) => {
  let folder: string;
  let store: PostgresUserStore;
  let news = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    chmodSync(folder, 0o755);
    await server().sql('CREATE ROLE clerk LOGIN');
    await server().sql('CREATE DATABASE users');
    await server().sql(postgresSchemaSql({ role: 'clerk' }), { database: 'users' });
    store = new PostgresUserStore({ url: server().url({ user: 'clerk', database: 'users' }) });
    store.watch(() => (news += 1));
    await store.open();
  });

  afterAll(async () => {
    await store.close();
    removeFolder(folder);
  });

  function run(command: string): void {
    const { PATH = '' } = process.env;
    const { status, stderr } = spawnSync('sh', ['-c', command], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: `${postgresPrograms() ?? ''}${delimiter}${PATH}`,
        PGHOST: '127.0.0.1',
        PGPORT: String(server().port),
        PGUSER: 'postgres',
      },
    });
    expect({ command, status, stderr }).toEqual({ command, status: 0, stderr: '' });
  }

  async function newsOf(act: () => unknown): Promise<void> {
    const before = news;
    await act();
    await until('the change is told', () => news !== before);
  }

  it('comes back with its rights, while a store with few rights goes on', async () => {
    await store.create(amy);
    run(copy);
    await store.update('amy', { hash: OTHER_HASH });
    await store.create({ ...amy, name: 'later' });
    await newsOf(() => {
      run(back);
    });
    await expect(store.find('amy')).resolves.toMatchObject(amy);
    await expect(store.find('later')).resolves.toBeUndefined();
    await store.create({ ...amy, name: 'after' });
    await expect(store.find('after')).resolves.toMatchObject({ name: 'after' });
  });

  it('is left for rows edited by SQL, which instances see by the statement given', async () => {
    await newsOf(() =>
      server().sql(
        `BEGIN; UPDATE kapacitor_auth.users SET permissions = 'all' WHERE name = 'amy'; ${bySql}; COMMIT`,
        { database: 'users' },
      ),
    );
    await expect(store.find('amy')).resolves.toMatchObject({ permissions: ['all'] });
  });
});
