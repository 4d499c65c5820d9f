import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeFolder } from './remove-folder.js';

/** A new, empty folder for the tests of a file; removed after them. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
  afterAll(() => {
    removeFolder(folder);
  });
  return folder;
}
