import { join } from 'node:path';
import manifest from '../package.json';
import type { Room } from './support/plan-of-lib.js';
import { knowsNoExpress, PLAN } from './support/plan-of-lib.js';
import type { Import, SourceFile } from './support/read-imports.js';
import { circlesIn, importsOf, readSources } from './support/read-imports.js';
import { LEAVES, STORE_CONTRACT } from './support/shared-rooms.js';

const lies = (path: string, place: string): boolean =>
  path === place || path.startsWith(`${place}/`);

function roomOf(path: string, plan: readonly Room[]): Room | undefined {
  return plan
    .filter(({ room }) => lies(path, room))
    .reduce<Room | undefined>(
      (found, room) => ((found?.room.length ?? 0) < room.room.length ? room : found),
      undefined,
    );
}

/** Breaches of the plan, a sentence each. */
function breaches(files: readonly SourceFile[], plan: readonly Room[]): string[] {
  const imports = importsOf(files);
  const known = new Set(files.map(({ path }) => path));
  return [
    ...files
      .filter(({ path }) => roomOf(path, plan) === undefined)
      .map(({ path }) => `${path} is in no room of the plan`),
    ...imports.flatMap((found) => breach(found, known, plan)),
    ...circlesIn(imports).map((circle) => `a circle: ${circle.join(', ')}`),
  ];
}

function breach({ from, to }: Import, known: ReadonlySet<string>, plan: readonly Room[]): string[] {
  const room = roomOf(from, plan);
  if (room === undefined) return [];
  if (!/\.m?ts$/.test(to)) {
    const isForbidden = room.without?.packages.test(to) === true;
    return isForbidden ? [`${from} imports ${to}, but ${room.without.why}`] : [];
  }
  if (!known.has(to)) return [`${from} imports ${to}, which is not there`];
  const isAllowed = roomOf(to, plan) === room || room.imports.some((place) => lies(to, place));
  return isAllowed ? [] : [`${from} imports ${to}, which ${room.room} may not`];
}

/** Rooms that may import what stands below them. */
function arrowsUp(plan: readonly Room[]): string[] {
  return plan.flatMap(({ room, imports }, index) =>
    imports
      .filter((place) => {
        const other = roomOf(place, plan);
        return other === undefined || plan.indexOf(other) >= index;
      })
      .map((place) => `${room} -> ${place}`),
  );
}

describe('the plan of lib', () => {
  const files = readSources(join(__dirname, '../lib'));

  it('is kept by every import, and there is no circle', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(breaches(files, PLAN)).toEqual([]);
  });

  it('imports no package that an app would not get, except for the program, which holds its own', () => {
    const { dependencies, peerDependencies } = manifest;
    const got = Object.keys({ ...dependencies, ...peerDependencies });
    const others = importsOf(files)
      .filter(({ to }) => !/^node:|\.m?ts$/.test(to) && !got.includes(to))
      .map(({ from, to }) => `${from.split('/')[0] ?? ''} -> ${to}`);
    expect([...new Set(others)].sort()).toEqual([
      'cli -> commander',
      'cli -> pino',
      'server -> pino',
    ]);
  });

  it('has no arrow that runs up', () => {
    expect(arrowsUp(PLAN)).toEqual([]);
  });

  it('allows nothing that nobody imports', () => {
    const imports = importsOf(files);
    const idle = PLAN.flatMap((room) =>
      room.imports
        .filter((place) => !LEAVES.includes(place) && !STORE_CONTRACT.includes(place))
        .filter(
          (place) =>
            !imports.some(({ from, to }) => roomOf(from, PLAN) === room && lies(to, place)),
        )
        .map((place) => `${room.room} -> ${place}`),
    );
    expect(idle).toEqual([]);
  });
});

describe('a breach of the plan is seen:', () => {
  const plan: readonly Room[] = [
    { room: 'errors.ts', is: 'below', imports: [] },
    { room: 'stores', is: 'a room', imports: ['errors.ts'], without: knowsNoExpress },
    { room: 'stores/file', is: 'a room in a room', imports: ['stores/user-store.ts'] },
    { room: 'express', is: 'above', imports: ['errors.ts', 'stores/user-store.ts'] },
  ];
  const sound: readonly SourceFile[] = [
    { path: 'errors.ts', text: 'export class Failure extends Error {}' },
    { path: 'stores/user-store.ts', text: `import { Failure } from '../errors.js';` },
    { path: 'stores/file/file.ts', text: `import type { A } from '../user-store.js';` },
    { path: 'express/guards.ts', text: `export { A } from '../stores/user-store.js';` },
  ];

  it('not in a sound house', () => {
    expect(breaches(sound, plan)).toEqual([]);
  });

  it.each<[what: string, path: string, text: string, told: string]>([
    ['an arrow up', 'stores/a.ts', `import { g } from '../express/guards.js';`, 'may not'],
    ['of a type', 'stores/a.ts', `import type { g } from '../express/guards.js';`, 'may not'],
    ['passed on', 'stores/a.ts', `export * from '../express/guards.js';`, 'may not'],
    ['by require', 'stores/a.ts', `const { g } = require('../express/guards.js');`, 'may not'],
    ['by import()', 'stores/a.ts', `const g = import('../express/guards.js');`, 'may not'],
    ['in a type', 'stores/a.ts', `let g: import('../express/guards.js').G;`, 'may not'],
    ['into another room', 'express/a.ts', `import '../stores/file/file.js';`, 'may not'],
    ['out of a room in a room', 'stores/file/a.ts', `import '../../errors.js';`, 'may not'],
    ['a package', 'stores/a.ts', `const e = require('express');`, 'without Express'],
    ['a file without a room', 'other/a.ts', '', 'in no room'],
    ['a missing file', 'express/a.ts', `import './b.js';`, 'not there'],
    ['a circle', 'errors.ts', `import type { A } from './stores/user-store.js';`, 'a circle'],
    ['of one', 'express/a.ts', `import './a.js';`, 'a circle'],
  ])('%s', (_what, path, text, told) => {
    const files = [...sound.filter((file) => file.path !== path), { path, text }];
    expect(breaches(files, plan).join('\n')).toContain(told);
  });
});
