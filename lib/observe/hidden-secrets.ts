import { readings } from './readings.js';
import { SECRET_WORDS } from './secret-words.js';
import { SHOWN_FORM } from './shown-form.js';

const ANYWHERE = SECRET_WORDS.anywhere.join('|');

const AT_END = SECRET_WORDS.atEnd.join('|');

const ALONE = SECRET_WORDS.alone.join('|');

const SCHEMES = SECRET_WORDS.schemes.join('|');

const TOLD = new RegExp(ANYWHERE);

/** The same, with a letter or a digit behind it that may be the secret. */
const TOLD_BEFORE = new RegExp(`(?:${ANYWHERE})s?(?!s?$)`);

const WORD = new RegExp(`^(?:${ALONE}|.*(?:${AT_END}))\\d*$`, 's');

const SCHEME = new RegExp(`^(?:${SCHEMES})$`);

/** Matches every text that holds one of these words. Most hold none, and need no closer look. */
const SUSPECT = new RegExp(`${ANYWHERE}|${AT_END}|(?<![a-z\\d])(?:${ALONE}|${SCHEMES})`, 'i');

/** `{"` in base64. */
const JWT_BEGIN = 'eyJ';

/** The beginning of a JSON object. */
const OBJECT_BEGIN = /^\s*\{\s*"/;

/** Matches every text that holds a JWT as it is, and few others. */
const THREE_PARTS = /[\w-]\.[\w-]*\./;

/** Parts of base64url between dots. */
const DOTTED = /[\w.-]+/g;

/** A user before a host. */
const USER = /[/\\]{2}[^/\\?#\s]*@/;

/**
 * Returns true if a parameter of this name, as the client sent it, holds a secret that lets a
 * client in.
 */
export function isSecretName(name: string): boolean {
  return some(name, (text) => {
    const small = text.toLowerCase();
    return TOLD.test(lettersOf(small)) || small.split(/[^a-z\d]+/).some((word) => WORD.test(word));
  });
}

/**
 * Returns true if a text holds a parameter with a secret name, a header with credentials, a JWT,
 * the token of a subscription, or the user and password of an address, encoded once, several times
 * or not at all. It finds more than would be read as credentials: a client that got the spelling
 * wrong still sent its password. Its work grows with the length of the text, no faster.
 */
export function holdsSecret(text: string): boolean {
  return some(
    text,
    (reading) =>
      givesSecret(reading) ||
      /[^a-z]subscribe[^a-z\d]*[/\\]/i.test(` ${reading}`) ||
      TOLD_BEFORE.test(lettersOf(reading.toLowerCase())),
  );
}

/** Returns true for every text that holds a JWT as it is, and for few others. */
export function mayHoldJwt(text: string): boolean {
  return THREE_PARTS.test(text);
}

/** Returns true if a text holds a JWT, encoded or not. */
export function holdsToken(text: string): boolean {
  return some(text, holdsJwt);
}

/** Returns true if a text may hold the user and password of an address: a colon before an `@`. */
export function holdsLogin(text: string): boolean {
  return some(text, hasLogin);
}

/**
 * Returns the path in a form that may be shown: without segments that hold a JWT, and it ends
 * before anything else that may hold a secret.
 */
export function hideSecrets(path: string): string {
  const all = readings(path);
  if (all?.some(givesSecret) === false) return path;
  const safe = all?.some(holdsJwt) === true ? withoutJwts(path) : path;
  if (safe !== path && !some(safe, givesSecret)) return safe;
  const begin = safe.search(/[^\w./~-]/);
  const shown = safe.slice(0, safe.lastIndexOf('/', begin) + 1);
  return `${some(shown, givesSecret) ? '/' : shown}${SHOWN_FORM.hidden}`;
}

function withoutJwts(path: string): string {
  const segments = path.split('/');
  return segments
    .map((segment) => (some(segment, holdsJwt) ? SHOWN_FORM.hidden : segment))
    .join('/');
}

function some(text: string, holds: (reading: string) => boolean): boolean {
  const all = readings(text);
  return all === undefined || all.some(holds);
}

function lettersOf(text: string): string {
  return text.replace(/[^a-z\d]+/g, '');
}

function hasLogin(text: string): boolean {
  const colon = text.indexOf(':');
  return colon !== -1 && text.lastIndexOf('@') > colon;
}

/** Returns true if the text gives a value to a secret name, credentials by a scheme, or a JWT. */
function givesSecret(text: string): boolean {
  return (
    USER.test(text) || hasLogin(text) || holdsJwt(text) || (SUSPECT.test(text) && namesSecret(text))
  );
}

/**
 * Returns true if the text holds a JWT: three parts of base64url (RFC 7515), or five, of which one
 * may be empty (RFC 7516); the first is a JSON object. Something else may stand right before it.
 */
function holdsJwt(text: string): boolean {
  if (!THREE_PARTS.test(text)) return false;
  return (text.match(DOTTED) ?? []).some((run) => run.split('.').slice(0, -2).some(isJwtHead));
}

function isJwtHead(part: string): boolean {
  if (part.includes(JWT_BEGIN)) return true;
  return OBJECT_BEGIN.test(Buffer.from(part, 'base64url').toString('latin1'));
}

function namesSecret(text: string): boolean {
  // Words and what separates them, in turn.
  const parts = text.toLowerCase().split(/([^a-z\d]+)/);
  let isSecret = false;
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const [word = '', separator = ''] = parts.slice(index, index + 2);
    isSecret ||= WORD.test(word) || TOLD.test(word);
    if (isSecret && /[=:]/.test(separator)) return true;
    if (SCHEME.test(word) && /^[\s+]/.test(separator)) return true;
    // A name of several words, or a list or an object: `user[password][0]`, `p.x`.
    isSecret &&= /^[[\]._-]+$/.test(separator);
  }
  return false;
}
