import fc from 'fast-check';
import { optionRows } from '../../lib/config/option-rows.js';
import { kapacitorAuth, MemoryUserStore } from '../../lib/index.js';
import { createFirstAdmin } from '../../lib/server/first-admin.js';
import { errorOf, load, temporaryFolder } from './config-files.js';

const folder = temporaryFolder();
// A URL that holds a secret has a form of its own: database-urls.spec.ts.
const SECRETS = optionRows.filter(({ option }) => option.secret && option.type.name === 'text');

const CORE = 's3cret-of-somebody';
const UNINTENDED: readonly (readonly [what: string, text: string])[] = [
  ['a line end', `${CORE}\n`],
  ['a line end of Windows', `${CORE}\r\n`],
  ['a carriage return', `${CORE}\r`],
  ['two lines', `${CORE}\n${CORE}`],
  ['a blank before it', ` ${CORE}`],
  ['a blank behind it', `${CORE} `],
  ['a tab behind it', `${CORE}\t`],
  ['a no-break space behind it', `${CORE}\u00a0`],
  ['double quotes', `"${CORE}"`],
  ['single quotes', `'${CORE}'`],
  ['nothing but a blank', ' '],
  ['a placeholder of a shell', '${s3cret_of}'],
  ['one with a default', '${s3cret_of:-s3cret-of}'],
  ['one without braces', '$s3cret_of'],
  ['one of a template', '{{ .Values.s3cret-of }}'],
  ['one of a template without blanks', '{{s3cret-of}}'],
  ['one of a manual', '<your s3cret-of>'],
];

describe.each(SECRETS)('$id', ({ id, section, name, key, variable }) => {
  it.each(UNINTENDED)('with %s is an error that names the key and shows nothing', (_what, text) => {
    const sources: readonly (readonly [object, Record<string, string>])[] = [
      [{ [section]: { [name]: text } }, {}],
      [{}, { [variable]: text, KAPACITOR_CONFIG_PATH: '/dev/null' }],
      [
        {
          configFile: folder.write(
            'one.conf',
            `[http]\nauth-enabled = true\n[auth]\nenabled = true\n`.replace(
              `[${section}]\n`,
              `[${section}]\n${key} = ${JSON.stringify(text)}\n`,
            ) + (section === 'gateway' ? `[gateway]\n${key} = ${JSON.stringify(text)}\n` : ''),
          ),
        },
        {},
      ],
    ];
    for (const [options, environment] of sources) {
      const error = errorOf(options, environment);
      expect(error.problems.map((problem) => problem.key)).toEqual([id]);
      expect(error.message).not.toContain('s3cret-of');
      expect(error.message).toContain('line ends');
    }
  });

  it('may hold any of it in its middle', () => {
    const text = fc
      .string({ unit: fc.constantFrom('a', '$', '{', '}', '<', '>', '"', "'", ' ', '\u00fc') })
      .map((middle) => `x${middle}x`);
    fc.assert(
      fc.property(text, (value) => {
        expect(Reflect.get(load({ [section]: { [name]: value } })[section], name)).toBe(value);
      }),
    );
  });
});

describe('KAPACITOR_ADMIN_PASSWORD', () => {
  it.each(UNINTENDED)('with %s makes nobody an administrator', async (_what, text) => {
    const store = new MemoryUserStore();
    const auth = kapacitorAuth({ configFile: false, store });
    const { users } = auth;
    if (users === undefined) throw new Error('no users');
    const made = createFirstAdmin(users, { environment: { KAPACITOR_ADMIN_PASSWORD: text } });
    await expect(made).rejects.toThrow(/^KAPACITOR_ADMIN_PASSWORD: /);
    await expect(made).rejects.not.toThrow('s3cret-of');
    await expect(users.list()).resolves.toEqual([]);
    await auth.close();
  });
});
