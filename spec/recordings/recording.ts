import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { PERMISSIONS } from '../../lib/privileges/permission.js';

/** The users that a recording was made with, and their passwords. */
export const usersSchema = z.array(
  z.object({
    name: z.string(),
    password: z.string(),
    type: z.enum(['admin', 'normal']),
    permissions: z.array(z.enum(PERMISSIONS)),
  }),
);

/** Reads what a real Kapacitor answered. */
export function readRecording(file: string): unknown {
  return JSON.parse(readFileSync(`${__dirname}/../../fixtures/reference/${file}`, 'utf8'));
}
