import type { FirstAdmin } from '../server/first-admin.js';
import { unshownPages } from '../server/shown-pages.js';
import type { RunningServer } from '../server/start-server.js';
import { usersLocation } from '../server/users-location.js';
import { VERSION } from '../server/version.js';

/** Returns the text for a person at the terminal when the server has started. */
export function startNotice({
  url,
  pages,
  config,
}: Pick<RunningServer, 'url' | 'pages' | 'config'>): string {
  const { upstream } = config.gateway;
  return `
kapacitor-auth ${VERSION} listens on ${url}
  users:          ${usersLocation(config)}
  configuration:  ${config.configFile ?? 'environment and defaults'}
${pagesLine(pages, config)}${upstream === '' ? '' : `  upstream:       ${upstream}\n`}${refusalsLine(config)}`;
}

/** Says nothing if refusals are made. */
function refusalsLine({ auth }: RunningServer['config']): string {
  if (auth.enforce === 'on') return '';
  return '  refusals:       only reported (auth.enforce = "report"): the upstream alone refuses\n';
}

/** Says nothing if the operator switched the pages off. */
function pagesLine(
  pages: RunningServer['pages'],
  config: Parameters<typeof unshownPages>[0],
): string {
  const text = pages?.url ?? unshownPages(config);
  return text === undefined ? '' : `  pages:          ${text}\n`;
}

/** The administrator that was just created. */
export interface MadeAdmin extends FirstAdmin {
  /** The file that holds the password, if it isn't shown. */
  readonly file?: string | undefined;
  /** True if the password was shown before. */
  readonly isTold?: boolean | undefined;
}

/**
 * Tells how to log in as the new administrator. It shows a password only if nobody could know it
 * otherwise.
 */
export function firstAdminNotice(
  { name, password, file, isTold = false }: MadeAdmin,
  { url, pages }: Pick<RunningServer, 'url' | 'pages'>,
): string {
  const isShown = password !== undefined && file === undefined && !isTold;
  return `
There was no user yet, so the administrator "${name}" was made; ${isTold ? 'the password is shown above' : whichPassword(password, file)}
${pages === undefined ? 'Try:' : `Log in at ${pages.url} or try:`}
  curl -u ${isShown ? `${name}:${password}` : name} ${url}/kapacitor/v1/whoami

`;
}

function whichPassword(password: string | undefined, file: string | undefined): string {
  if (password === undefined) return 'the password is that of KAPACITOR_ADMIN_PASSWORD';
  return file === undefined
    ? `the password is shown only now: ${password}`
    : `the password is in ${file}: read it, and remove the file`;
}
