import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { firstAdminNotice, startNotice } from '../lib/cli/notices.js';
import { startServer } from '../lib/server/start-server.js';
import { basic } from './support/open-auth.js';
import { SHOWN_ADDRESS, SHOWN_FOLDER, SHOWN_PASSWORD } from './support/shown.js';
import { silentLog } from './support/silent-log.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { terminalPicture } from './support/terminal-picture.js';

const PICTURE = join(__dirname, '../docs/first-start.svg');
const TITLE = 'The first start of kapacitor-auth serve, and a first request';

const folder = realpathSync(temporaryFolder());

/** Returns what a terminal shows, with all that is different everywhere as the documentation has it. */
async function transcript(): Promise<string[]> {
  const server = await startServer({
    host: '127.0.0.1',
    port: 0,
    options: { configFile: devNull, store: { path: join(folder, 'first.db') } },
    logger: silentLog(),
  });
  try {
    const { firstAdmin, url } = server;
    const { password } = firstAdmin ?? {};
    if (firstAdmin === undefined || password === undefined) throw new Error('no administrator');
    expect(password).toHaveLength(SHOWN_PASSWORD.length);
    const answer = await fetch(`${url}/kapacitor/v1/whoami`, {
      headers: { authorization: basic('admin', password) },
    });
    return [
      '$ npx kapacitor-auth serve --log-level warn',
      ...`${startNotice(server)}${firstAdminNotice(firstAdmin, server)}`.trimEnd().split('\n'),
      '',
      `$ curl -u admin:${password} ${url}/kapacitor/v1/whoami`,
      ...(await answer.text()).trimEnd().split('\n'),
    ].map((line) =>
      line
        .replaceAll(url, SHOWN_ADDRESS)
        .replaceAll(password, SHOWN_PASSWORD)
        .replace(join(folder, 'first.db'), `${SHOWN_FOLDER}/kapacitor-auth.db`),
    );
  } finally {
    await server.stop();
  }
}

it('is what the picture shows; KAUTH_DRAW=1 draws it anew', async () => {
  const drawn = terminalPicture(await transcript(), TITLE);
  if (process.env.KAUTH_DRAW === '1') writeFileSync(PICTURE, drawn);
  expect(readFileSync(PICTURE, 'utf8')).toBe(drawn);
});
