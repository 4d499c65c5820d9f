import type { FirstAdmin } from '../server/first-admin.js';
import type { RunningServer } from '../server/start-server.js';
import { usersLocation } from '../server/users-location.js';
import { VERSION } from '../server/version.js';

/** What a person at the terminal is told when the server has started. */
export function startNotice({ url, config }: RunningServer): string {
  const { upstream } = config.gateway;
  return `
kapacitor-auth ${VERSION} listens on ${url}
  users:          ${usersLocation(config)}
  configuration:  ${config.configFile ?? 'environment and defaults'}
${upstream === '' ? '' : `  upstream:       ${upstream}\n`}`;
}

/** How to log in as the administrator that was just made; a password is shown only if nobody knows it yet. */
export function firstAdminNotice({ name, password }: FirstAdmin, url: string): string {
  const login = password === undefined ? name : `${name}:${password}`;
  const secret =
    password === undefined
      ? 'the password is that of KAPACITOR_ADMIN_PASSWORD'
      : `the password is shown only now: ${password}`;
  return `
There was no user yet, so the administrator "${name}" was made; ${secret}
Try:
  curl -u ${login} ${url}/kapacitor/v1/whoami

`;
}
