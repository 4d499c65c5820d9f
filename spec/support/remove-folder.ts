import { chmodSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Removes a folder and all below it, also where a test closed one of them: unlike root, who made it may not look into it then. */
export function removeFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  open(path);
  rmSync(path, { recursive: true });
}

function open(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) open(join(folder, entry.name));
  }
}
