import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { Client } from 'pg';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import type { PostgresTls } from '../../../lib/stores/postgres/postgres-options.js';
import { TlsContext } from '../../../lib/stores/postgres/tls-context.js';
import type { PostgresServer } from '../../support/postgres.js';
import {
  newPostgres,
  postgresPrograms,
  removeServer,
  writeForServant,
} from '../../support/postgres.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { amy, failureOf, newSchema, openStores, recordingLogger, until } from './stores.js';

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
    server = await newPostgres({ ssl: 'on', ssl_ca_file: 'root.crt' });
    const { cert, key } = makeCertificate(authority, { names: ['127.0.0.1'] });
    writeForServant(join(server.data, 'server.crt'), cert);
    writeForServant(join(server.data, 'server.key'), key);
    writeForServant(join(server.data, 'root.crt'), authority.cert);
    const rules = join(server.data, 'pg_hba.conf');
    const rule = 'hostssl all certified 127.0.0.1/32 cert\n';
    writeForServant(rules, rule + readFileSync(rules, 'utf8'));
    await server.start();
  });
  afterAll(() => removeServer(server));

  const options = (tls: PostgresTls, query = '') => ({
    url: `${server.url()}${query}`,
    schema: newSchema(),
    tls,
  });
  /** The name in the certificate that the server shows. */
  const shown = async () => {
    const client = new Client({
      connectionString: server.url(),
      ssl: { rejectUnauthorized: false },
    });
    await client.connect();
    const { stream } = client.connection;
    const name = stream instanceof TLSSocket ? stream.getPeerCertificate().subject.CN : undefined;
    await client.end();
    return name;
  };
  /** Has the server show a new certificate from now on. */
  const present = async (names: readonly string[]) => {
    const { cert, key } = makeCertificate(authority, { names });
    writeForServant(join(server.data, 'server.crt'), cert);
    writeForServant(join(server.data, 'server.key'), key);
    await server.sql('SELECT pg_reload_conf()');
    await until('it shows the new certificate', async () => (await shown()) === names[0]);
  };
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

  it('shows our certificate to a server that asks for one in place of a password', async () => {
    await server.sql('CREATE ROLE certified LOGIN');
    await server.sql('CREATE DATABASE vault OWNER certified');
    const url = server.url({ user: 'certified', database: 'vault' });
    const ca = file('ca.pem', authority.cert);
    const { cert, key } = makeCertificate(authority, { names: ['certified'] });
    const ours = { cert: file('ours.pem', cert), key: file('ours.key', key) };
    const store = await open({ url, tls: { useTls: true, ca, ...ours } });
    await store.create(amy);
    await expect(store.find('amy')).resolves.toMatchObject({ name: 'amy' });
    const failure = await failureOf(make({ url, tls: { useTls: true, ca } }).open());
    expect(failure.message).toMatch(/refuses the user of store\.url.*certificate/);
  });

  it('is not believed if another authority signed its certificate, or none that Node trusts', async () => {
    const ca = file('other.pem', other.cert);
    for (const tls of [{ ca }, {}]) {
      const failure = await failureOf(make(options({ useTls: true, ...tls })).open());
      expect(failure).toMatchObject({ code: 'ERR_KAUTH_STORE_UNAVAILABLE' });
      expect(failure.message).toMatch(/unable to (?:verify|get)|self-signed/);
    }
  });

  it.each([
    ['is believed with a certificate for its address', ['127.0.0.1'], undefined],
    [
      'is not believed with one for another address',
      ['127.0.0.2'],
      /127\.0\.0\.1 is not in the cert's list/,
    ],
    [
      'is not believed with one for localhost',
      ['localhost'],
      /127\.0\.0\.1 is not in the cert's list/,
    ],
    ['is not believed with one for another name', ['db.example.com'], /127\.0\.0\.1 is not in/],
  ])('%s', async (_title, names, problem) => {
    await present(names);
    const store = make(options({ useTls: true, ca: file('ca.pem', authority.cert) }));
    const outcome = await store.open().then(
      () => undefined,
      (error: unknown) => String(error),
    );
    if (problem === undefined) expect(outcome).toBeUndefined();
    else expect(outcome).toMatch(problem);
    await present(['127.0.0.1']);
  });

  it('gives TLS the host itself, as older versions of pg do not', () => {
    const paths = { ca: '', cert: '', key: '' };
    const context = new TlsContext({ paths, insecureSkipVerify: false });
    expect({ ...context.optionsFor('192.0.2.7') }).toMatchObject({
      host: '192.0.2.7',
      rejectUnauthorized: true,
    });
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
