import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from '../../fixtures/meta-stand-in/certificates.js';
import { loadConfig } from '../../lib/index.js';
import { upstreamConnector } from '../../lib/server/gateway/upstream-connector.js';
import { readTls } from '../../lib/server/tls.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const authority = makeAuthority('an authority');
const ours = makeCertificate(authority, { names: ['127.0.0.1'] });
const other = makeCertificate(authority, { names: ['127.0.0.1'] });
const locked = createPrivateKey(ours.key).export({
  ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a passphrase' },
});
const lockedAsBefore = createPrivateKey(ours.key).export({
  ...{ type: 'sec1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a passphrase' },
});
const cutOff = (pem: string): string => pem.slice(0, 100);
const damaged = (pem: string): string => pem.replace(/\n[^-]+\n-/s, '\nAAAA\n-');

/** The contents of the two files (undefined: there is none), and what is said of them. */
const PAIRS: readonly {
  readonly what: string;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly said: readonly (readonly ['cert' | 'key', string])[];
}[] = [
  {
    ...{ what: 'a certificate that is none', cert: 'garbage', key: ours.key },
    said: [['cert', 'CERT holds no certificate (PEM)']],
  },
  {
    ...{ what: 'a key that is none', cert: ours.cert, key: 'garbage' },
    said: [['key', 'KEY holds no private key (PEM)']],
  },
  {
    ...{ what: 'a key that is a certificate', cert: ours.cert, key: ours.cert },
    said: [['key', 'KEY holds no private key (PEM)']],
  },
  {
    ...{ what: 'the key of another certificate', cert: ours.cert, key: other.key },
    said: [['key', 'the key in KEY does not belong to the certificate in CERT']],
  },
  ...[locked, lockedAsBefore].map((key) => ({
    ...{ what: 'a key with a passphrase', cert: ours.cert, key: key.toString() },
    said: [
      ['key', 'the key in KEY has a passphrase: remove it with openssl pkey -in KEY -out FILE'],
    ] as const,
  })),
  {
    ...{ what: 'the two swapped', cert: ours.key, key: ours.cert },
    said: [['cert', 'CERT holds a private key and KEY a certificate: swap the two']],
  },
  {
    ...{ what: 'neither file', cert: undefined, key: undefined },
    said: [
      ['cert', "can't be used: CERT does not exist"],
      ['key', "can't be used: KEY does not exist"],
    ],
  },
  {
    ...{ what: 'no certificate, and a key that is none', cert: undefined, key: 'garbage' },
    said: [
      ['cert', "can't be used: CERT does not exist"],
      ['key', 'KEY holds no private key (PEM)'],
    ],
  },
  {
    ...{ what: 'a damaged pair', cert: damaged(ours.cert), key: damaged(ours.key) },
    said: [
      ['cert', "the certificate in CERT can't be read: it is damaged or cut off"],
      ['key', "the private key in KEY can't be read: it is damaged or cut off"],
    ],
  },
  {
    ...{ what: 'files that are cut off', cert: cutOff(ours.cert), key: cutOff(ours.key) },
    said: [
      ['cert', "the certificate in CERT can't be read: it is damaged or cut off"],
      ['key', "the private key in KEY can't be read: it is damaged or cut off"],
    ],
  },
  {
    ...{ what: 'a chain whose second part is damaged', key: ours.key },
    cert: ours.cert + damaged(authority.cert),
    said: [['cert', "CERT can't be used: "]],
  },
];

let number = 0;

function file(text: string | undefined): string {
  number += 1;
  const path = join(folder, `${String(number)}.pem`);
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

const DOORS = [
  ['tls', (gateway: object) => readTls(loadConfig({ configFile: false, gateway }))],
  [
    'upstream',
    (gateway: object) =>
      upstreamConnector(
        loadConfig({ configFile: false, gateway: { upstream: 'https://x:1', ...gateway } }),
      ),
  ],
] as const;

describe.each(DOORS)('the files gateway.%s-cert and -key', (prefix, open) => {
  const problemsOf = (cert: string, key: string): unknown => {
    try {
      open({ [`${prefix}Cert`]: cert, [`${prefix}Key`]: key });
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('are used if they belong together, even as one file', () => {
    const both = file(ours.cert + authority.cert + ours.key);
    expect(problemsOf(file(ours.cert), file(ours.key))).toBeUndefined();
    expect(problemsOf(both, both)).toBeUndefined();
  });

  it.each(PAIRS)('are refused with what is wrong: $what', ({ cert, key, said }) => {
    const paths = { cert: file(cert), key: file(key) };
    const problems = said.map(([which, text]) => ({
      key: `gateway.${prefix}-${which}`,
      origin: 'code',
      problem: expect.stringContaining(
        text.replaceAll('CERT', paths.cert).replaceAll('KEY', paths.key),
      ) as unknown,
    }));
    expect(problemsOf(paths.cert, paths.key)).toMatchObject({ code: 'ERR_KAUTH_CONFIG', problems });
  });
});

describe('the file gateway.upstream-ca', () => {
  it.each(['garbage', ours.key])('is refused if it holds no certificate', (text) => {
    const upstreamCa = file(text);
    const config = loadConfig({
      configFile: false,
      gateway: { upstream: 'https://x:1', upstreamCa },
    });
    expect(() => upstreamConnector(config)).toThrow(`${upstreamCa} holds no certificate (PEM)`);
  });
});
