import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import type { MetaStandInOptions } from '../../../fixtures/meta-stand-in/meta-stand-in.js';
import { redirect } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import { StoreUnavailableError } from '../../../lib/errors.js';
import type { MetaUserStoreOptions } from '../../../lib/stores/meta/meta-options.js';
import { eventually, openStore, recordingLogger, standIn } from './stand-ins.js';

const authority = makeAuthority('our authority');
const otherAuthority = makeAuthority('another authority');
const serverCert = makeCertificate(authority, { names: ['127.0.0.1'] });
const clientCert = makeCertificate(authority, { names: ['kapacitor-auth'] });

let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'meta-tls-'))));
afterEach(() => rm(folder, { recursive: true }));

/** Writes a file and returns its path. */
async function file(name: string, contents: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}

type Files = Pick<MetaUserStoreOptions, 'ca' | 'cert' | 'key' | 'insecureSkipVerify'>;

/** Looks a user up over TLS. */
async function look(tls: MetaStandInOptions['tls'], files: Files): Promise<unknown> {
  const node = await standIn({ tls: tls ?? serverCert });
  const store = await openStore([node], { useTls: true, ...files });
  return store.find('k');
}

describe('A meta node over TLS', () => {
  it('is asked when its certificate is from the given authority', async () => {
    const ca = await file('ca.pem', `# ours\n${otherAuthority.cert}${authority.cert}`);
    expect(await look(serverCert, { ca })).toMatchObject({ name: 'k' });
  });

  it.each([
    [
      'another authority signed its certificate',
      makeCertificate(otherAuthority, { names: ['127.0.0.1'] }),
      /unable to verify/,
    ],
    [
      'its certificate is for another host',
      makeCertificate(authority, { names: ['meta.example'] }),
      /127\.0\.0\.1 is not in the cert's list/,
    ],
    [
      'its certificate has expired',
      makeCertificate(authority, { names: ['127.0.0.1'], days: -1 }),
      /certificate has expired/,
    ],
  ])('is not believed when %s', async (_, cert, reason) => {
    const ca = await file('ca.pem', authority.cert);
    const found = look(cert, { ca });
    await expect(found).rejects.toThrow(StoreUnavailableError);
    await expect(found).rejects.toThrow(reason);
  });

  it('is not believed without auth.meta-ca when no public authority signed its certificate', async () => {
    await expect(look(serverCert, {})).rejects.toThrow(/unable to verify|self-signed/);
  });

  it('is believed whatever it shows when verification is skipped, which is warned of', async () => {
    const logger = recordingLogger();
    const node = await standIn({
      tls: makeCertificate(otherAuthority, { names: ['x'], days: -1 }),
    });
    const store = await openStore([node], { useTls: true, insecureSkipVerify: true, logger });
    expect(await store.find('k')).toMatchObject({ name: 'k' });
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn: WRN_KAUTH_META_TLS_UNVERIFIED: .*Set auth.meta-ca instead$/),
    ]);
  });

  it('that asks for a certificate is shown ours', async () => {
    const files = {
      ca: await file('ca.pem', authority.cert),
      cert: await file('cert.pem', clientCert.cert),
      key: await file('key.pem', clientCert.key),
    };
    const tls = { ...serverCert, clientCa: authority.cert };
    expect(await look(tls, files)).toMatchObject({ name: 'k' });
    await expect(look({ ...tls, clientCa: otherAuthority.cert }, files)).rejects.toThrow(
      StoreUnavailableError,
    );
    await expect(look(tls, { ca: files.ca })).rejects.toThrow(StoreUnavailableError);
  });

  it('is not asked in plain text because it redirects there', async () => {
    const plain = await standIn();
    const secure = await standIn({ tls: serverCert });
    secure.misbehave(redirect(`http://${plain.address}/user?name=k`));
    const options = { useTls: true, ca: await file('ca.pem', authority.cert) };
    const store = await openStore([secure], options);
    await expect(store.find('k')).rejects.toThrow(
      `it redirects to http://${plain.address}, which is not https`,
    );
    expect(plain.requests).toEqual([]);
  });

  it('leads to another one over TLS', async () => {
    const leader = await standIn({ tls: serverCert });
    const follower = await standIn({ tls: serverCert });
    follower.leader = leader.address;
    const options = { useTls: true, ca: await file('ca.pem', authority.cert) };
    const store = await openStore([follower], options);
    expect(await store.find('k')).toMatchObject({ name: 'k' });
  });
});

describe('The files for TLS', () => {
  const expired = makeCertificate(authority, { names: ['x'], days: -1 });

  it.each<[string, Record<string, string>, RegExp]>([
    ['a missing one', { ca: '' }, /^auth\.meta-ca: .*\/ca can't be read: ENOENT/],
    ['a folder', { cert: clientCert.cert, key: '/' }, /^auth\.meta-key: .*\/key is a folder$/],
    [
      'one without a certificate',
      { ca: clientCert.key },
      /^auth\.meta-ca: .*\/ca holds no certificate/,
    ],
    [
      'a broken certificate',
      { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      /^auth\.meta-ca: .*\/ca can't be used: /,
    ],
    ['a broken key', { ...clientCert, key: 'x' }, /^auth\.meta-key: .*\/key can't be used: /],
    [
      'the key of another certificate',
      { ...clientCert, key: serverCert.key },
      /^auth\.meta-key: .*\/key is not the key of the certificate in .*\/cert$/,
    ],
    ['a certificate that has expired', { ...expired }, /^auth\.meta-cert: .*\/cert expired on 20/],
    [
      'authorities that have all expired',
      { ca: makeAuthority('old', { days: -1 }).cert },
      /^auth\.meta-ca: .*\/ca expired on 20/,
    ],
  ])('are told of at the start: %s', async (_, contents, problem) => {
    for (const [name, text] of Object.entries(contents)) {
      if (text === '/') await mkdir(join(folder, name));
      else if (text !== '') await file(name, text);
    }
    const paths = Object.fromEntries(
      Object.keys(contents).map((name) => [name, join(folder, name)]),
    );
    const opened = openStore([], { addresses: ['127.0.0.1:1'], useTls: true, ...paths });
    await expect(opened).rejects.toThrow(StoreUnavailableError);
    await expect(opened).rejects.toThrow(problem);
  });

  it('are told of when they go wrong later, and then used again without a restart', async () => {
    const logger = recordingLogger();
    const ca = await file('ca.pem', authority.cert);
    const node = await standIn({ tls: serverCert });
    const store = await openStore([node], { useTls: true, ca, logger });
    expect(await store.find('k')).toBeDefined();

    node.renewCertificate(makeCertificate(otherAuthority, { names: ['127.0.0.1'] }));
    await file('ca.pem', 'half written');
    await expect(store.find('k')).rejects.toThrow(`auth.meta-ca: ${ca} holds no certificate`);

    await file('ca.pem', otherAuthority.cert);
    await eventually(() => Promise.resolve(store.find('k')).then(Boolean, () => false));
    expect(logger.lines).toEqual([
      `error: meta node ${node.address} is down: auth.meta-ca: ${ca} holds no certificate in PEM form`,
      `info: meta node ${node.address} answers again`,
    ]);
  });

  it('are not held against a connection that is open', async () => {
    const ca = await file('ca.pem', authority.cert);
    const node = await standIn({ tls: serverCert });
    const store = await openStore([node], { useTls: true, ca });
    await store.find('k');
    await rm(ca);
    expect(await store.find('k')).toBeDefined();
  });

  it('decide anew whom to trust: a session made under other files is not resumed', async () => {
    const ca = await file('ca.pem', authority.cert);
    const node = await standIn({ tls: serverCert });
    const store = await openStore([node], { useTls: true, ca });
    await store.find('k');
    await file('ca.pem', otherAuthority.cert);
    node.renewCertificate(serverCert);
    await expect(store.find('k')).rejects.toThrow('unable to verify');
  });
});

describe('Without TLS, a warning', () => {
  it.each([
    ['meta.example:8091', true],
    ['10.0.0.1:8091', true],
    ['localhost.example:8091', true],
    ['127.0.0.1:8091', false],
    ['127.1:8091', false],
    ['localhost:8091', false],
    ['meta.localhost:8091', false],
    ['[::1]:8091', false],
    ['[fd00::1]:8091', true],
  ])('that others may listen to passwords sent to %s is given: %j', async (address, warned) => {
    const logger = recordingLogger();
    await openStore([], { addresses: ['127.0.0.1:1', address], logger });
    expect(logger.lines.join()).toBe(
      warned
        ? `warn: WRN_KAUTH_META_PLAINTEXT_PASSWORD: hashes, and the passwords of LDAP users, travel unencrypted to ${address}. Set auth.meta-use-tls`
        : '',
    );
  });
});
