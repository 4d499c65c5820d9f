import { applyOptions, isComplete } from '../../lib/config/apply-options.js';
import { optionRows, sections } from '../../lib/config/option-rows.js';
import type { Settings } from '../../lib/config/raw-value.js';
import type { ConfigProblem } from '../../lib/errors.js';

function settingsOf(values: Readonly<Record<string, unknown>>): Settings {
  return new Map(
    Object.entries(values).map(([id, value]) => [id, { value, origin: 'code', isText: false }]),
  );
}

describe('applyOptions', () => {
  it('gives each option its default if nothing is given', () => {
    const problems: ConfigProblem[] = [];
    const draft = applyOptions(new Map(), problems);
    expect(problems).toEqual([]);
    expect(isComplete(draft)).toBe(true);
    expect(Object.keys(draft)).toEqual(sections);
    for (const { section, name, option } of optionRows) {
      expect(Reflect.get(draft[section] ?? {}, name)).toEqual(option.default);
    }
  });

  it('takes an accepted value and leaves out a refused one, with its problem', () => {
    const problems: ConfigProblem[] = [];
    const draft = applyOptions(
      settingsOf({ 'auth.bcrypt-cost': 12, 'auth.meta-use-tls': 'yes' }),
      problems,
    );
    expect(draft.auth).toMatchObject({ enabled: true, bcryptCost: 12 });
    expect(draft.auth).not.toHaveProperty('metaUseTls');
    expect(isComplete(draft)).toBe(false);
    expect(problems).toMatchObject([{ key: 'auth.meta-use-tls', origin: 'code' }]);
    expect(problems[0]?.problem).toMatch(/^"yes" is not accepted; accepted: true or false/);
  });

  it.each(optionRows.filter(({ option }) => option.secret).map(({ id }) => id))(
    'never shows the refused value of %s',
    (id) => {
      const problems: ConfigProblem[] = [];
      applyOptions(settingsOf({ [id]: ' hunter2 ' }), problems);
      expect(problems).toHaveLength(1);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
    },
  );
});
