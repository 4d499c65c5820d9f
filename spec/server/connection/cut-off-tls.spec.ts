import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { z } from 'zod';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import type { Listening } from '../../../lib/server/listen.js';
import { listen } from '../../../lib/server/listen.js';
import { describeInstalled } from '../../support/describe-installed.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { until } from '../../support/until.js';

const folder = temporaryFolder();
const authority = makeAuthority('an authority');
const authorityFile = join(folder, 'authority.pem');
writeFileSync(authorityFile, authority.cert);

/** Content types of TLS records (RFC 8446, section 5.1), as TLS 1.2 shows them. */
const ALERT = 21;
const HEADER = 5;

const ENDS: Readonly<Record<string, (listening: Listening, response: ServerResponse) => unknown>> =
  {
    whole: (_listening, response) => response.end(),
    'cut off': (listening) => listening.stop(1),
  };

/** A server of TLS whose answers have begun, and end as they are told to. */
class Begun {
  readonly responses: ServerResponse[] = [];
  #listening: Listening | undefined;

  async start(): Promise<Listening> {
    this.#listening = await listen(
      (received, response) => {
        received.resume();
        response.write('a part');
        this.responses.push(response);
      },
      { host: '127.0.0.1', port: 0, tls: makeCertificate(authority, { names: ['127.0.0.1'] }) },
    );
    return this.#listening;
  }

  async end(how: string): Promise<void> {
    const [response] = this.responses;
    if (response === undefined || this.#listening === undefined) throw new Error('no answer');
    await ENDS[how]?.(this.#listening, response);
  }
}

/** The types of the records that a server of TLS 1.2 sends to one client, until its connection ends. */
async function recordsOf(how: string, head: string): Promise<readonly number[]> {
  const begun = new Begun();
  const listening = await begun.start();
  const pieces: Buffer[] = [];
  // Between the two, so that the bytes are seen as they are on the wire.
  const relay = createServer((client) => {
    const server = connect(Number(new URL(listening.url).port), '127.0.0.1');
    server.on('data', (piece) => pieces.push(piece));
    server.on('error', () => client.destroy());
    client.on('error', () => server.destroy());
    server.pipe(client).pipe(server);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = z.object({ port: z.number() }).parse(relay.address());
  const tls = { ca: authority.cert, maxVersion: 'TLSv1.2' } as const;
  const client = connectTls({ host: '127.0.0.1', port, ...tls });
  client.on('error', () => undefined);
  const closed = once(client, 'close');
  client.write(head);
  let received = '';
  client.on('data', (piece: Buffer) => (received += piece.toString()));
  await until('the answer has begun', () => received.includes('a part'));
  await begun.end(how);
  await closed;
  relay.close();
  await listening.stop(0);
  return typesOf(Buffer.concat(pieces));
}

function typesOf(bytes: Buffer): readonly number[] {
  const types: number[] = [];
  for (let at = 0; at + HEADER <= bytes.length; at += HEADER + bytes.readUInt16BE(at + 3)) {
    types.push(bytes.readUInt8(at));
  }
  return types;
}

const HEAD = 'HTTP/1.0\r\nHost: x\r\n\r\n';

describe('an answer without a length over TLS', () => {
  it('ends with the sign of an end if it is whole', async () => {
    expect((await recordsOf('whole', `GET / ${HEAD}`)).at(-1)).toBe(ALERT);
  });

  it('has no sign of an end if it is cut off', async () => {
    expect(await recordsOf('cut off', `GET / ${HEAD}`)).not.toContain(ALERT);
  });
});

describeInstalled('curl', 'a client that does not ask for the signs of TLS', (curl) => {
  const versions = ['1.2', '1.3'].flatMap((tls) =>
    ['1.0', '1.1'].map((http) => [`TLS ${tls}`, `HTTP/${http}`, tls, http] as const),
  );

  describe.each(versions)('over %s by %s', (_tls, _http, tls, http) => {
    it.each(Object.keys(ENDS))('takes an answer for what it is: %s', async (how) => {
      const begun = new Begun();
      const listening = await begun.start();
      const words = [
        `--http${http}`,
        '--no-alpn',
        '--tls-max',
        tls,
        `--tlsv${tls}`,
        '--cacert',
        authorityFile,
      ];
      const client = spawn(curl, ['-q', '-sSN', ...words, listening.url], {
        env: { PATH: process.env.PATH },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = text(client.stderr);
      let received = '';
      client.stdout.on('data', (piece: Buffer) => (received += piece.toString()));
      const exited = once(client, 'exit');
      await until('the answer has begun', () => received === 'a part' || client.exitCode !== null);
      await begun.end(how);
      const [exitCode]: unknown[] = await exited;
      expect({ isWhole: exitCode === 0, said: await said }).toEqual(
        how === 'whole'
          ? { isWhole: true, said: '' }
          : { isWhole: false, said: expect.stringMatching(/^curl: \((?:18|56)\)/) as unknown },
      );
      await listening.stop(0);
    });
  });
});
