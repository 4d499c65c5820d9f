import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeInstalled } from '../support/describe-installed.js';
import { describeProxy } from './describe-proxy.js';
import { replaceAll } from './replace-all.js';

const CONFIGURATION = readFileSync(join(__dirname, '../../fixtures/deploy/nginx.conf'), 'utf8');

const WHEN_DOWN = {
  status: 503,
  retryAfter: '1',
  body: expect.stringContaining(
    '"error":"authorization is unavailable, try again later"',
  ) as unknown,
  ownStatus: 502,
};

describeInstalled('nginx', 'a service behind nginx, by fixtures/deploy/nginx.conf', (nginx) => {
  describeProxy(({ port, authPort, upstreamPort, folder }) => {
    const site = replaceAll(CONFIGURATION, {
      'listen 8080': `listen 127.0.0.1:${String(port)}`,
      '127.0.0.1:9092': `127.0.0.1:${String(upstreamPort)}`,
      '127.0.0.1:9095': `127.0.0.1:${String(authPort)}`,
      '/var/log/nginx': folder,
    });
    writeFileSync(join(folder, 'site.conf'), site);
    const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
      .map((name) => `${name}_temp_path ${folder}/${name};`)
      .join(' ');
    const main = `daemon off; master_process off; pid ${folder}/nginx.pid; events {}
      http { ${own} include ${folder}/site.conf; }`;
    writeFileSync(join(folder, 'nginx.conf'), main);
    return spawn(nginx, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')]);
  }, WHEN_DOWN);
});
