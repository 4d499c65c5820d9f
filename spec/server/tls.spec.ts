import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from '../../fixtures/meta-stand-in/certificates.js';
import { loadConfig } from '../../lib/index.js';
import { readTls, watchTls } from '../../lib/server/tls.js';
import type { TlsIdentity } from '../../lib/server/tls-pair.js';
import { listeningLogger } from '../support/listening-logger.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const authority = makeAuthority('an authority');
const names = ['127.0.0.1'];
const [first, second] = [
  makeCertificate(authority, { names }),
  makeCertificate(authority, { names }),
];
let number = 0;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** A watched certificate and key in a folder of their own. */
function watched() {
  number += 1;
  const place = join(folder, `tls-${String(number)}`);
  mkdirSync(place);
  const [tlsCert, tlsKey] = [join(place, 'cert.pem'), join(place, 'key.pem')];
  writeFileSync(tlsCert, first.cert);
  writeFileSync(tlsKey, first.key, { mode: 0o600 });
  const logger = listeningLogger();
  const config = loadConfig({ configFile: false, gateway: { tlsCert, tlsKey } });
  const used: TlsIdentity[] = [];
  const stop = watchTls(config, logger, (identity) => used.push(identity));
  return { place, tlsCert, tlsKey, config, logger, used, stop };
}

describe('a certificate that is watched', () => {
  it('is used when it was renewed', () => {
    const { tlsCert, tlsKey, used, stop } = watched();
    jest.advanceTimersByTime(5_000);
    expect(used).toEqual([]);
    writeFileSync(tlsCert, second.cert);
    writeFileSync(tlsKey, second.key);
    jest.advanceTimersByTime(1_000);
    expect(used).toEqual([{ cert: second.cert, key: second.key }]);
    stop();
  });

  const troubles: readonly (readonly [string, (at: ReturnType<typeof watched>) => void])[] = [
    [
      'half written',
      ({ tlsCert }) => {
        writeFileSync(tlsCert, second.cert.slice(0, 100));
      },
    ],
    [
      'of another key',
      ({ tlsCert }) => {
        writeFileSync(tlsCert, second.cert);
      },
    ],
    [
      'gone',
      ({ place }) => {
        rmSync(place, { recursive: true });
      },
    ],
    [
      'a loop of links',
      ({ tlsCert }) => {
        rmSync(tlsCert);
        symlinkSync(tlsCert, tlsCert);
      },
    ],
    [
      'below a file instead of a folder',
      ({ place }) => {
        rmSync(place, { recursive: true });
        writeFileSync(place, '');
      },
    ],
    [
      'a pipe that nobody writes to',
      ({ tlsCert }) => {
        rmSync(tlsCert);
        execFileSync('mkfifo', [tlsCert]);
      },
    ],
    [
      'larger than any certificate',
      ({ tlsCert }) => {
        writeFileSync(tlsCert, first.cert + ' '.repeat(1_048_576));
      },
    ],
  ];

  it.each(troubles)('stays in use while the file is %s, which is said once', (_what, disturb) => {
    const at = watched();
    disturb(at);
    jest.advanceTimersByTime(5_000);
    expect(at.used).toEqual([]);
    expect(at.logger.lines).toEqual([
      expect.stringMatching(/^error the certificate .* stays as it was/),
    ]);
    // And all is well again once the files are.
    rmSync(at.place, { recursive: true, force: true });
    mkdirSync(at.place);
    writeFileSync(at.tlsCert, second.cert);
    writeFileSync(at.tlsKey, second.key);
    jest.advanceTimersByTime(1_000);
    expect(at.used).toEqual([{ cert: second.cert, key: second.key }]);
    at.stop();
  });

  it('is refused at once, if it is a pipe', () => {
    const { config, tlsCert, stop } = watched();
    stop();
    rmSync(tlsCert);
    execFileSync('mkfifo', [tlsCert]);
    expect(() => readTls(config)).toThrow(/gateway\.tls-cert.*is a pipe/);
  });
});
