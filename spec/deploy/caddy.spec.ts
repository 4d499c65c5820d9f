import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInstalled } from '../support/describe-installed.js';
import { describeProxy } from './describe-proxy.js';
import { replaceAll } from './replace-all.js';

const CONFIGURATION = readFileSync(join(__dirname, '../../fixtures/deploy/Caddyfile'), 'utf8');

const WHEN_DOWN = {
  status: 503,
  retryAfter: '1',
  body: expect.stringContaining('"error":"unavailable, try again later"') as unknown,
  ownStatus: 503,
};

describeInstalled('caddy', 'a service behind Caddy, by fixtures/deploy/Caddyfile', (caddy) => {
  describeProxy(({ port, authPort, upstreamPort, folder }) => {
    const site = replaceAll(CONFIGURATION, {
      ':8080': `http://127.0.0.1:${String(port)}, http://console.example:${String(port)}`,
      '127.0.0.1:9092': `127.0.0.1:${String(upstreamPort)}`,
      '127.0.0.1:9095': `127.0.0.1:${String(authPort)}`,
    });
    const file = join(folder, 'Caddyfile');
    // Without its administration, which listens at one place for all.
    writeFileSync(file, `{\n\tadmin off\n}\n${site}`);
    return spawn(caddy, ['run', '--config', file, '--adapter', 'caddyfile'], {
      env: { HOME: folder },
    });
  }, WHEN_DOWN);
});
