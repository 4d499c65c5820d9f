import { randomInt } from 'node:crypto';

/** Letters and digits that people don't mistake for others: no i, l, o, 0, 1. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Seven groups of four make 138 bits. */
const GROUPS = 7;
const LENGTH = 4;

/** Makes a random password of 138 bits, such as `k7mq-…`, that can be read out and typed. */
export function generatePassword(): string {
  const group = (): string =>
    Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}
