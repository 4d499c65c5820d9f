import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutFences } from './markdown.js';

const ROOT = join(__dirname, '../..');

/** A page of the documentation. */
export interface Page {
  /** Its path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** README and every page of docs. */
export function readPages(): readonly Page[] {
  const inDocs = readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return ['README.md', ...inDocs.sort()].map((path) => ({
    path,
    text: readFileSync(join(ROOT, path), 'utf8'),
  }));
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf({ text }: Page): readonly string[] {
  return Array.from(withoutFences(text).matchAll(/^#+ (.*)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}

/** The targets of the links of a page, as they are written. */
export function linksOf({ text }: Page): readonly string[] {
  return Array.from(withoutFences(text).matchAll(/\]\(([^)]*)\)/g), ([, target = '']) => target);
}
