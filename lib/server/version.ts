import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = readFileSync(join(__dirname, '../../package.json'), 'utf8');

/** The version of this package. */
export const VERSION: string = z
  .object({ version: z.string() })
  .parse(JSON.parse(manifest)).version;
