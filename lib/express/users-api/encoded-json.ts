import type { ServerResponse } from 'node:http';
import { mapInTurns } from '../../turns.js';

/** A JSON document, encoded in parts. */
export class EncodedJson {
  readonly parts: readonly Buffer[];

  constructor(parts: readonly Buffer[]) {
    this.parts = parts;
  }
}

/** Items in a part. */
const PART = 200;

/**
 * Encodes the document `{"key": [item, ...]}`, in turns with other work, so that a long list
 * doesn't block the process.
 *
 * @param items - each as JSON
 * @throws OverloadedError if too many lists are being made
 */
export async function encodeList(key: string, items: readonly string[]): Promise<EncodedJson> {
  const starts = Array.from({ length: Math.ceil(items.length / PART) }, (_, index) => index * PART);
  const parts = await mapInTurns(starts, (start) => {
    const separator = start === 0 ? '' : ',';
    return Buffer.from(separator + items.slice(start, start + PART).join(','));
  });
  return new EncodedJson([Buffer.from(`{${JSON.stringify(key)}:[`), ...parts, Buffer.from(']}')]);
}

/** Sends an encoded JSON document. */
export function answerEncoded(
  response: ServerResponse,
  status: number,
  { parts }: EncodedJson,
): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader(
    'Content-Length',
    parts.reduce((length, part) => length + part.length, 0),
  );
  for (const part of parts) response.write(part);
  response.end();
}
