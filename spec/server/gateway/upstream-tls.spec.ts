import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Server, ServerOptions } from 'node:https';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { z } from 'zod';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { StartedGateway } from './started-gateway.js';

const folder = temporaryFolder();
const authority = makeAuthority('our authority');
const other = makeAuthority('another authority');
const serverCert = makeCertificate(authority, { names: ['127.0.0.1'] });
const clientCert = makeCertificate(authority, { names: ['kapacitor-auth'] });

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function file(name: string, contents: string): string {
  const path = join(folder, name);
  writeFileSync(`${path}.new`, contents);
  renameSync(`${path}.new`, path);
  return path;
}

async function upstream(options: ServerOptions = {}): Promise<string> {
  const server = createServer({ ...serverCert, ...options }, (request, response) => {
    response.setHeader('Connection', 'close');
    response.end(request.url);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `https://127.0.0.1:${String(z.object({ port: z.number() }).parse(server.address()).port)}`;
}

async function statusThrough(files: Readonly<Record<string, string>>, options?: ServerOptions) {
  const gateway = await StartedGateway.start({
    gateway: { upstream: await upstream(options), ...files },
  });
  const { status } = await gateway.fetch('/kapacitor/v1/tasks', 'root');
  await gateway.stop();
  return status;
}

describe('an https upstream', () => {
  it('is asked where its certificate is from the given authority', async () => {
    const upstreamCa = file('ca.pem', authority.cert);
    await expect(statusThrough({ upstreamCa })).resolves.toBe(200);
  });

  it('is not believed otherwise', async () => {
    await expect(statusThrough({})).resolves.toBe(502);
    const upstreamCa = file('other.pem', other.cert);
    await expect(statusThrough({ upstreamCa })).resolves.toBe(502);
    const wrongHost = makeCertificate(authority, { names: ['kapacitor.example'] });
    await expect(
      statusThrough({ upstreamCa: file('ca.pem', authority.cert) }, wrongHost),
    ).resolves.toBe(502);
  });

  it('is shown our certificate', async () => {
    const mutual = { requestCert: true, rejectUnauthorized: true, ca: authority.cert };
    const upstreamCa = file('ca.pem', authority.cert);
    await expect(statusThrough({ upstreamCa }, mutual)).resolves.toBe(502);
    const files = {
      upstreamCa,
      upstreamCert: file('cert.pem', clientCert.cert),
      upstreamKey: file('key.pem', clientCert.key),
    };
    await expect(statusThrough(files, mutual)).resolves.toBe(200);
  });

  it('is asked by what the files hold when a connection is made', async () => {
    const upstreamCa = file('renewed.pem', other.cert);
    const gateway = await StartedGateway.start({
      gateway: { upstream: await upstream(), upstreamCa },
    });
    const status = async () => (await gateway.fetch('/kapacitor/v1/tasks', 'root')).status;
    await expect(status()).resolves.toBe(502);
    file('renewed.pem', authority.cert);
    await expect(status()).resolves.toBe(200);
    file('renewed.pem', 'nothing');
    await expect(status()).resolves.toBe(502);
    rmSync(upstreamCa);
    await expect(status()).resolves.toBe(502);
    file('renewed.pem', authority.cert);
    await expect(status()).resolves.toBe(200);
    await gateway.stop();
  });

  it.each([
    [
      { upstreamCa: '/nowhere/ca.pem' },
      /gateway\.upstream-ca \(code\): can't be used: .*does not exist/,
    ],
    [
      { upstreamCert: 'cert.pem' },
      /gateway\.upstream-key .* is not set, gateway\.upstream-cert is/,
    ],
    [{ upstreamKey: 'key.pem' }, /gateway\.upstream-cert .* is not set, gateway\.upstream-key is/],
  ])('is not started with %j', async (files, problem) => {
    await expect(statusThrough(files)).rejects.toThrow(problem);
  });

  it('is what these files go with', async () => {
    const gateway = { upstream: 'http://127.0.0.1:1', upstreamCa: file('ca.pem', authority.cert) };
    await expect(StartedGateway.start({ gateway })).rejects.toThrow(
      'gateway.upstream-ca (code): goes with an upstream of https://',
    );
  });
});
