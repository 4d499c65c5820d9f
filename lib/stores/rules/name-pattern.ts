import type { InvalidRequestError } from '../../errors.js';
import { invalidRequest } from '../../invalid-request.js';
import { compareNames } from './name-order.js';

/** A parsed pattern over names. */
export interface NamePattern {
  /** The beginning of every matching name; bounds a range scan. */
  readonly prefix: string;
  /** Returns true if the whole name matches. */
  matches(name: string): boolean;
}

/** A run of any characters but `/`, or a test of one character. */
type Term = '*' | ((character: string) => boolean);

/**
 * Parses a pattern in the syntax of Go's `path.Match`: `*` is any run of characters but `/`, `?`
 * one of them, `[a-z]` and `[^a-z]` one of a class, `\x` the character `x` itself. A character is a
 * code point.
 *
 * @throws InvalidRequestError if the pattern is malformed
 */
export function parseNamePattern(pattern: string): NamePattern {
  const parser = new PatternParser(pattern);
  const terms = parser.terms();
  const shortest = terms.filter((term) => term !== '*').length;
  return Object.freeze({
    prefix: parser.prefix,
    matches: (name: string) => {
      const characters = Array.from(name);
      return characters.length >= shortest && matchesTerms(terms, characters);
    },
  });
}

/**
 * Matches wildcards. It returns only to the latest star (as Go does), so that its time is at most
 * the product of the two lengths, whatever the pattern.
 */
function matchesTerms(terms: readonly Term[], characters: readonly string[]): boolean {
  let term = 0;
  let at = 0;
  let retry: { readonly term: number; at: number } | undefined;
  while (at < characters.length || term < terms.length) {
    const test = terms[term];
    const character = characters[at];
    if (test === '*') {
      retry = { term: ++term, at };
    } else if (character !== undefined && test?.(character) === true) {
      term++;
      at++;
    } else {
      const skipped = retry && characters[retry.at];
      if (retry === undefined || skipped === undefined || skipped === '/') return false;
      at = ++retry.at;
      term = retry.term;
    }
  }
  return true;
}

class PatternParser {
  /** The characters before the first term that is not a plain character. */
  prefix = '';
  readonly #pattern: string;
  readonly #characters: readonly string[];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#characters = Array.from(pattern);
  }

  terms(): readonly Term[] {
    const terms: Term[] = [];
    let isLiteral = true;
    while (this.#at < this.#characters.length) {
      const character = this.#next();
      isLiteral &&= !['*', '?', '['].includes(character);
      if (character === '*') {
        if (terms.at(-1) !== '*') terms.push('*');
      } else if (character === '?') {
        terms.push((other) => other !== '/');
      } else if (character === '[') {
        terms.push(this.#characterClass());
      } else {
        const literal = character === '\\' ? this.#next() : character;
        if (isLiteral) this.prefix += literal;
        terms.push((other) => other === literal);
      }
    }
    return terms;
  }

  /** Parses the rest of `[^a-z\]]` after its first bracket. */
  #characterClass(): Term {
    const isNegated = this.#take('^');
    const ranges: (readonly [low: string, high: string])[] = [];
    do {
      const low = this.#rangeEnd();
      ranges.push([low, this.#take('-') ? this.#rangeEnd() : low]);
    } while (!this.#take(']'));
    return (character) =>
      isNegated !==
      ranges.some(
        ([low, high]) => compareNames(low, character) <= 0 && compareNames(character, high) <= 0,
      );
  }

  #rangeEnd(): string {
    const character = this.#next();
    if (character === '-' || character === ']') {
      throw this.#malformed(`a class needs "\\" before a "${character}" that stands for itself`);
    }
    return character === '\\' ? this.#next() : character;
  }

  #take(character: string): boolean {
    const isNext = this.#characters[this.#at] === character;
    if (isNext) this.#at++;
    return isNext;
  }

  #next(): string {
    const character = this.#characters[this.#at++];
    if (character === undefined) {
      throw this.#malformed('it ends within a class "[...]" or after a "\\"');
    }
    return character;
  }

  #malformed(reason: string): InvalidRequestError {
    return invalidRequest(`invalid pattern ${JSON.stringify(this.#pattern)}: ${reason}`);
  }
}
