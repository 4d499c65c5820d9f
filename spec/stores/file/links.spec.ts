import { existsSync, lstatSync, mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { FileUserStore } from '../../../lib/stores/file-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { AMY } from '../file-bench.js';

const root = temporaryFolder();

/** A folder with links in it, as pairs of a name and its target. */
function withLinks(links: readonly (readonly [string, string])[]): string {
  const folder = mkdtempSync(join(root, 'links-'));
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  for (const [name, target] of links) symlinkSync(target, join(folder, name));
  return folder;
}

async function add(folder: string): Promise<void> {
  const store = new FileUserStore(join(folder, 'users.json'));
  await store.open();
  try {
    await store.create(AMY);
  } finally {
    await store.close();
  }
}

/** So many links, each to the next, the last of which leads to a file that is not there. */
const chain = (length: number) =>
  Array.from({ length }, (_, index) => {
    const name = index === 0 ? 'users.json' : `link${String(index)}`;
    return [name, index + 1 === length ? 'file.json' : `link${String(index + 1)}`] as const;
  });

const CIRCLE = expect.stringContaining("can't be found, as links lead in a circle") as unknown;
const NOWHERE = expect.stringContaining('leads nowhere, though its folder is there') as unknown;

it.each([
  ['the way back from a folder', [['users.json', 'deep/../file.json']], 'file.json'],
  // The system takes `..` from where the link leads.
  [
    'the way back from a link to a folder',
    [
      ['aside', 'deep/er'],
      ['users.json', 'aside/../file.json'],
    ],
    'deep/file.json',
  ],
  ['39 links', chain(39), 'file.json'],
] as const)('a file that is not there yet is made where %s lead', async (_, links, file) => {
  const folder = withLinks(links);
  await add(folder);
  expect(lstatSync(join(folder, 'users.json')).isSymbolicLink()).toBe(true);
  expect(lstatSync(join(folder, file)).isFile()).toBe(true);
});

it('a link may name the whole path', async () => {
  const target = join(withLinks([]), 'file.json');
  await add(withLinks([['users.json', target]]));
  expect(existsSync(target)).toBe(true);
});

it.each([
  ['back through a folder that is missing', [['users.json', 'nowhere/../users.json']], NOWHERE],
  ['into a folder that is missing', [['users.json', 'nowhere/users.json']], NOWHERE],
  ['to itself', [['users.json', 'users.json']], CIRCLE],
  ['through 40 links', chain(40), CIRCLE],
  ['through 41 links', chain(41), CIRCLE],
] as const)('a link that leads %s is an error, and ends', async (_, links, message) => {
  await expect(add(withLinks(links))).rejects.toMatchObject({
    code: 'ERR_KAUTH_STORE_UNAVAILABLE',
    message,
  });
});
