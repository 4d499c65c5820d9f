/**
 * Names of parameters that let a client in: alone, behind other words (`new_password`), and as a
 * list or an object (`p[]`).
 */
const SECRET =
  /^(?:u|p|(?:.*[_-])?(?:pass(?:word|wd|phrase|code)?|pwd|pw|token|jwt|secret|credentials?|api[_-]?key|(?:access|private|shared|client|signing)[_-]?key|authori[sz]ation|auth|signature))$/;

/** All but visible ASCII and spaces: such a character hides a name, and readers may drop it. */
const INVISIBLE = /[^ -~]/g;

/** The same but white space. */
const UNSPACED = /[^\s -~]/g;

/** The key of a parameter in a text, at its beginning or behind a separator. */
const KEY = /(?:^|[?&;#/,\s])([^=?&;#/,\s]+)\s*=/g;

/** A user and a password before a host. */
const USER_INFO = /\/\/[^/?#\s]*@/;

/** At most so many layers of encoding are undone: a redirect within a redirect within another. */
const DEPTH = 4;

/**
 * Returns true if a parameter of this name, as the client sent it, holds a secret that lets a
 * client in.
 */
export function isSecretName(name: string): boolean {
  let layer = name.replaceAll('+', ' ');
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    if (isSecretWord(layer)) return true;
    const next = decoded(layer);
    if (next === layer) return false;
    layer = next;
  }
  return true;
}

function isSecretWord(name: string): boolean {
  const words = name
    .replace(INVISIBLE, '')
    .trim()
    .replace(/[[.].*$/s, '')
    .replace(/([a-z\d])([A-Z])/g, '$1_$2');
  return SECRET.test(words.trim().toLowerCase());
}

/**
 * Returns true if a text holds a parameter with a secret name, or the user and password of an
 * address, encoded once, several times or not at all. It finds more than would be read as
 * credentials: a client that got the spelling wrong still sent its password.
 */
export function holdsSecret(text: string): boolean {
  let layer = text;
  for (let depth = 0; depth <= DEPTH; depth += 1) {
    // A line break may stand between two parameters, or within the name of one.
    const spaced = layer.replace(UNSPACED, '');
    const joined = spaced.replace(INVISIBLE, '');
    if (showsSecret(spaced) || (joined !== spaced && showsSecret(joined))) return true;
    const next = decoded(layer);
    if (next === layer) return false;
    layer = next;
  }
  // A text that is encoded so often hides something.
  return true;
}

function showsSecret(text: string): boolean {
  if (USER_INFO.test(text)) return true;
  for (const [, key = ''] of text.matchAll(KEY)) if (isSecretName(key)) return true;
  return false;
}

/** Decodes byte by byte: a byte that is not UTF-8 must not hide the text beside it. */
function decoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Replaces the rest of a path that holds a secret. */
const HIDDEN = '(hidden)';

/** Returns the path in a form that may be shown: it ends before anything that may hold a secret. */
export function hideSecrets(path: string): string {
  const bare = path.replace(/(\/\/)[^/]*@/g, '$1');
  if (!holdsSecret(bare)) return bare;
  const begin = bare.search(/%|;|=|@/);
  const shown = bare.slice(0, bare.lastIndexOf('/', begin) + 1);
  return `${holdsSecret(shown) ? '/' : shown}${HIDDEN}`;
}
