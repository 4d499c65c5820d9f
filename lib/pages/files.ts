import type { Response } from 'express';
import { STYLE } from './style.js';

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#1f5fbf" d="M8 0l7 2.5v5C15 11.500 12 14.700 8 16 4 14.700 1 11.500 1 7.500v-5z"/><path fill="none" stroke="#fff" stroke-width="2" d="M4.500 8l2.500 2.500L11.500 6"/></svg>';

/** Files that the pages show; none of them is about anybody. */
const FILES: ReadonlyMap<string, { readonly type: string; readonly text: string }> = new Map([
  ['/style.css', { type: 'text/css; charset=utf-8', text: STYLE }],
  ['/icon.svg', { type: 'image/svg+xml', text: ICON }],
]);

/** Sends the file of a path, which browsers may keep; returns false if there is none. */
export function sendFile(path: string, response: Response): boolean {
  const file = FILES.get(path);
  if (file === undefined) return false;
  response.setHeader('Cache-Control', 'public, max-age=86400');
  response.setHeader('Content-Type', file.type);
  response.end(file.text);
  return true;
}
