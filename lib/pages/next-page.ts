import type { Link } from './page.js';
import { ROUTES } from './routes.js';

/** Characters of an address that is remembered over a login. */
const MOST = 2_000;

/** The address to remember over a login: that of the page that was asked for. */
export function addressToRemember(path: string, query: URLSearchParams): string | undefined {
  const text = query.toString();
  const address = path + (text === '' ? '' : `?${text}`);
  return isPage(path) && address.length <= MOST ? address : undefined;
}

/** The page of the form that is sent to an address: the nearest above that can be opened. */
export function formPage(path: string): string {
  const end = path.lastIndexOf('/');
  return isPage(path) || end <= 0 ? path : formPage(path.slice(0, end));
}

/**
 * The page to show after a login. It is one of ours, whatever the address says: a link must not
 * lead from our login to another site.
 */
export function nextPage(link: Link, address: string | null): string {
  const [path = '', ...rest] = (address ?? '').split('?');
  if (!isPage(path)) return link('/');
  return link(path, Object.fromEntries(new URLSearchParams(rest.join('?'))));
}

function isPage(path: string): boolean {
  return ROUTES.get(path)?.GET !== undefined;
}
