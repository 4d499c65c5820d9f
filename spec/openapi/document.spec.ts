import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { NEW_USER_KEYS, USER_UPDATE_KEYS } from '../../lib/express/users-api/user-documents.js';
import { PATHS } from '../../lib/server/own-paths.js';
import { contradictions, DOCUMENT } from './described.js';

const { components, paths } = z
  .object({
    paths: z.record(z.string(), z.unknown()),
    components: z.object({
      schemas: z.record(z.string(), z.object({ properties: z.record(z.string(), z.unknown()) })),
    }),
  })
  .parse(DOCUMENT);

/** The validator is a module, which these specs can't load. */
const VALIDATE = `
  import { Validator } from '@seriousme/openapi-schema-validator';
  let text = '';
  for await (const part of process.stdin) text += part;
  process.stdout.write(JSON.stringify(await new Validator().validate(JSON.parse(text))));
`;

describe('the description of the API', () => {
  it('is a valid document of OpenAPI 3.1', () => {
    const words = ['--input-type=module', '-e', VALIDATE];
    const printed = execFileSync(process.execPath, words, {
      cwd: __dirname,
      encoding: 'utf8',
      input: JSON.stringify(DOCUMENT),
    });
    expect(JSON.parse(printed)).toEqual({ valid: true });
  });

  it('has the fields that the server reads, and no others', () => {
    const { NewUser, UserUpdate } = components.schemas;
    expect(Object.keys(NewUser?.properties ?? {})).toEqual(NEW_USER_KEYS);
    expect(Object.keys(UserUpdate?.properties ?? {})).toEqual(USER_UPDATE_KEYS);
  });

  it('has what the server answers itself, but metrics and the ping of Kapacitor', () => {
    const { health, auth, whoami, whoamiPreview } = PATHS;
    const own = [health, auth, whoami, whoamiPreview];
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(own));
    expect(Object.keys(PATHS)).toHaveLength(own.length + 2);
  });

  it('leaves no field of an answer out', () => {
    const answered = { status: 'pass', secret: 'x' };
    const exchange = { method: 'GET', target: '/health', status: 200, answered };
    expect(contradictions(exchange)).toEqual([expect.stringContaining('secret')]);
  });
});
