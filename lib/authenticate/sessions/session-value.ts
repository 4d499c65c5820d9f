import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SessionKeys } from './session-keys.js';
import type { SessionTimes } from './session-times.js';

/** The parts of a session that its value tells to everybody. */
export interface SessionFacts extends SessionTimes {
  readonly name: string;
  /** 96 random bits in base64url. */
  readonly id: string;
}

/** The parts of a user that a session is bound to: if one changes, the session is over. */
export interface BoundUser {
  readonly hash: string;
  readonly type: string;
  readonly sessions: string;
}

/** A value that we made; whether its user is still the same is another question. */
export interface ReadValue extends SessionFacts {
  /** Returns true if the session was bound to this very user. */
  readonly isBoundTo: (user: BoundUser) => boolean;
}

/** The longest value in characters; a name of 1024 bytes fits. */
const LONGEST_VALUE = 2048;

/** Bytes of a time, of the random part, and of the authentication codes. */
const TIME = 6;
const ID = 12;
const BINDING = 32;
const FORM = 16;
const BODY = 2 * TIME + ID;

/** The version, the name, and the rest: 72 bytes, which base64url spells in exactly one way. */
const VALUE = /^1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{96})$/;

/** Returns true if a value can hold a name: it is not too long, and is text. */
export function fitsValue(name: string): boolean {
  if (Buffer.from(name).toString() !== name) return false;
  return 2 + Math.ceil((Buffer.byteLength(name) * 4) / 3) + 1 + 96 <= LONGEST_VALUE;
}

/**
 * Makes the value of a session: `1.NAME.REST`, both parts in base64url. The rest is the start, the
 * last use, the id, the code of the binding, and the code of the form, which covers all before it.
 * So a value that we didn't make is known before anybody looks for its user.
 */
export function writeValue(facts: SessionFacts, user: BoundUser, keys: SessionKeys): string {
  const name = Buffer.from(facts.name);
  const body = Buffer.alloc(BODY);
  body.writeUIntBE(facts.startedAt, 0, TIME);
  body.writeUIntBE(facts.usedAt, TIME, TIME);
  body.write(facts.id, 2 * TIME, 'base64url');
  const binding = bindingCode({ name, body }, user, keys);
  const form = formCode({ name, body, binding }, keys);
  const rest = Buffer.concat([body, binding, form]);
  return `1.${name.toString('base64url')}.${rest.toString('base64url')}`;
}

/** Reads a value; undefined unless we made it, in this very spelling. */
export function readValue(value: string, keys: SessionKeys): ReadValue | undefined {
  if (value.length > LONGEST_VALUE) return undefined;
  const [, spelledName = '', spelledRest = ''] = VALUE.exec(value) ?? [];
  const name = Buffer.from(spelledName, 'base64url');
  const rest = Buffer.from(spelledRest, 'base64url');
  if (name.length === 0 || name.toString('base64url') !== spelledName) return undefined;
  const body = rest.subarray(0, BODY);
  const binding = rest.subarray(BODY, BODY + BINDING);
  const form = rest.subarray(BODY + BINDING);
  if (!timingSafeEqual(form, formCode({ name, body, binding }, keys))) return undefined;
  return {
    name: name.toString(),
    startedAt: body.readUIntBE(0, TIME),
    usedAt: body.readUIntBE(TIME, TIME),
    id: body.toString('base64url', 2 * TIME),
    isBoundTo: (user) => timingSafeEqual(binding, bindingCode({ name, body }, user, keys)),
  };
}

interface PublicParts {
  readonly name: Buffer;
  readonly body: Buffer;
}

function bindingCode({ name, body }: PublicParts, user: BoundUser, keys: SessionKeys): Buffer {
  const { hash, type, sessions } = user;
  return code(keys.binding, [name, body, hash, type, sessions]);
}

/** Half of the code: 128 bits can't be guessed (RFC 2104, section 5), and a cookie stays small. */
function formCode(
  { name, body, binding }: PublicParts & { readonly binding: Buffer },
  keys: SessionKeys,
): Buffer {
  return code(keys.form, [name, body, binding]).subarray(0, FORM);
}

/** HMAC-SHA-256 over the parts, each with its length: no two lists of parts are read alike. */
function code(key: Buffer, parts: readonly (Buffer | string)[]): Buffer {
  const hmac = createHmac('sha256', key);
  for (const part of parts) {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hmac.update(length).update(bytes);
  }
  return hmac.digest();
}
