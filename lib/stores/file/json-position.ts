/** A place in a text. Both counts start at 1; columns are UTF-16 code units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Finds the place of a value in a JSON text, for messages to people. If the path leads further than
 * the text, this is the last value on the way. If the text stops being JSON before that, it is the
 * place at which it stops.
 *
 * @param path - keys and indices from the outermost value, as in a schema's issue
 */
export function locateInJson(text: string, path: readonly PropertyKey[]): TextPosition {
  const offset = new JsonScanner(text).locate(path);
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y;

/** Deeper than any user file, and safe for the call stack. */
const MAX_DEPTH = 100;

class JsonScanner {
  readonly #text: string;
  #at = 0;
  #found = 0;

  constructor(text: string) {
    this.#text = text;
  }

  locate(path: readonly PropertyKey[]): number {
    try {
      this.#value(path, 0);
      this.#space();
      return this.#at < this.#text.length ? this.#at : this.#found;
    } catch {
      // Here the text stops being JSON.
      return this.#at;
    }
  }

  /** Steps over a value; `path` leads on from it, and is undefined beside the way. */
  #value(path: readonly PropertyKey[] | undefined, depth: number): void {
    this.#space();
    if (path !== undefined) this.#found = this.#at;
    if (depth > MAX_DEPTH) throw new SyntaxError();
    if (this.#take('{')) {
      this.#members('}', () => {
        const key: unknown = JSON.parse(this.#expect(STRING));
        this.#space();
        if (!this.#take(':')) throw new SyntaxError();
        this.#value(path !== undefined && path[0] === key ? path.slice(1) : undefined, depth + 1);
      });
    } else if (this.#take('[')) {
      let index = 0;
      this.#members(']', () => {
        this.#value(path?.[0] === index++ ? path.slice(1) : undefined, depth + 1);
      });
    } else {
      this.#expect(this.#text[this.#at] === '"' ? STRING : SCALAR);
    }
  }

  #members(closer: string, member: () => void): void {
    this.#space();
    if (this.#take(closer)) return;
    do {
      this.#space();
      member();
      this.#space();
    } while (this.#take(','));
    if (!this.#take(closer)) throw new SyntaxError();
  }

  #space(): void {
    this.#expect(SPACE);
  }

  #take(character: string): boolean {
    const isNext = this.#text[this.#at] === character;
    if (isNext) this.#at++;
    return isNext;
  }

  #expect(token: RegExp): string {
    token.lastIndex = this.#at;
    const [match] = token.exec(this.#text) ?? [];
    if (match === undefined) throw new SyntaxError();
    this.#at += match.length;
    return match;
  }
}
