import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import type { PostgresTls } from '../../../lib/stores/postgres/postgres-options.js';
import type { PostgresServer } from '../../support/postgres.js';
import {
  newPostgres,
  postgresPrograms,
  removeServer,
  writeForServant,
} from '../../support/postgres.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { amy, failureOf, newSchema, openStores, recordingLogger } from './stores.js';

const authority = makeAuthority('our authority');
const other = makeAuthority('another authority');
const folder = temporaryFolder();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const isThere = postgresPrograms() !== undefined;
if (!isThere) process.stderr.write('skipped: PostgreSQL over TLS: PostgreSQL is not installed\n');

(isThere ? describe : describe.skip)('PostgreSQL over TLS', () => {
  const { make, open } = openStores();
  let server: PostgresServer;

  beforeAll(async () => {
    server = await newPostgres({ ssl: 'on' });
    const { cert, key } = makeCertificate(authority, { names: ['127.0.0.1'] });
    writeForServant(join(server.data, 'server.crt'), cert);
    writeForServant(join(server.data, 'server.key'), key);
    await server.start();
  });
  afterAll(() => removeServer(server));

  const options = (tls: PostgresTls, query = '') => ({
    url: `${server.url()}${query}`,
    schema: newSchema(),
    tls,
  });
  const isEncrypted = async () => {
    const [row] = await server.sql(
      "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'kapacitor-auth'",
    );
    return row?.[0];
  };

  it.each([
    ['by the option', { useTls: true }, ''],
    ['by sslmode in the URL', {}, '?sslmode=require'],
  ])('is used on all connections if it is asked for %s', async (_how, tls, query) => {
    const store = await open(options({ ...tls, ca: file('ca.pem', authority.cert) }, query));
    await store.create(amy);
    await expect(isEncrypted()).resolves.toBe(true);
  });

  it('is not believed if another authority signed its certificate, or none that Node trusts', async () => {
    const ca = file('other.pem', other.cert);
    for (const tls of [{ ca }, {}]) {
      const failure = await failureOf(make(options({ useTls: true, ...tls })).open());
      expect(failure).toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE' });
      expect(failure.message).toMatch(/unable to (?:verify|get)|self-signed/);
    }
  });

  it('is believed whatever it shows when verification is skipped, which is warned of', async () => {
    const logger = recordingLogger();
    const tls = { useTls: true, insecureSkipVerify: true };
    await (await open({ ...options(tls), logger })).create(amy);
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn: WRN_KAUTH_POSTGRES_TLS_UNVERIFIED: .*Set store.ca instead$/),
    ]);
  });

  it('names a file that can not be used', async () => {
    const ca = join(folder, 'gone.pem');
    const failure = await failureOf(make(options({ useTls: true, ca })).open());
    expect(failure.message).toContain(`can't be asked over TLS: store.ca: ${ca} can't be read`);
  });

  it('is asked with a file that was mended meanwhile', async () => {
    const ca = file('later.pem', other.cert);
    const store = make(options({ useTls: true, ca }));
    await failureOf(store.open());
    file('later.pem', authority.cert);
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await store.create(amy);
  });
});
