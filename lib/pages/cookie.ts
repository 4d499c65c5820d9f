import type { OwnOrigin } from './own-origin.js';

/** The cookie that keeps a session, as this browser should have it. */
export interface SessionCookie {
  readonly name: string;
  /** The field `Set-Cookie` for a value; `''` removes the cookie (RFC 6265, section 4.1). */
  readonly set: (value: string) => string;
}

const NAMES = { secure: '__Host-kauth', plain: 'kauth' } as const;

/** Returns true for the name of the cookie that keeps a session of the pages. */
export function isSessionCookie(name: string): boolean {
  return name === NAMES.secure || name === NAMES.plain;
}

/**
 * Over TLS the prefix `__Host-` lets the browser refuse a cookie that another host made, or a page
 * without TLS. Browsers want TLS for it, so on loopback there may be a plain one.
 */
export function sessionCookie({ isSecure }: Pick<OwnOrigin, 'isSecure'>): SessionCookie {
  const name = isSecure ? NAMES.secure : NAMES.plain;
  const attributes = `Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return {
    name,
    set: (value) => `${name}=${value}; ${attributes}${value === '' ? '; Max-Age=0' : ''}`,
  };
}

/** The most values of one name that are looked at: another path or host may have added some. */
const MOST_VALUES = 4;

/** The values of a cookie in the field `Cookie`, in the browser's order. */
export function cookieValues(field: string | undefined, name: string): readonly string[] {
  return (field ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .slice(0, MOST_VALUES)
    .map((pair) => pair.slice(name.length + 1));
}
