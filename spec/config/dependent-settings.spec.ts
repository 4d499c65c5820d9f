import { dependentSettings } from '../../lib/config/dependent-settings.js';

/** The values of the settings that follow from these values, given in code. */
function settled(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = Object.entries(values).map(
    ([id, value]) => [id, { value, origin: 'code', isText: false }] as const,
  );
  const settings = dependentSettings(new Map(given));
  return Object.fromEntries(Array.from(settings, ([id, { value }]) => [id, value]));
}

describe('dependentSettings', () => {
  it.each([
    ['nothing from nothing', {}, {}],
    ['no type from a database', { 'store.path': 'a.db' }, {}],
    ['a file from a path ending in .json', { 'store.path': 'a.json' }, { 'store.type': 'file' }],
    [
      'the path of a file from its type',
      { 'store.type': 'file' },
      { 'store.path': 'kapacitor-auth.json' },
    ],
    ['nothing from the type of a database', { 'store.type': 'sqlite' }, {}],
    ['nothing over a given type', { 'store.type': 'sqlite', 'store.path': 'a.json' }, {}],
    ['nothing over a given path', { 'store.type': 'file', 'store.path': 'users' }, {}],
  ])('implies %s', (_what, given, implied) => {
    expect(settled(given)).toEqual({ ...given, ...implied });
  });

  it('says that an implied type comes from the path, and an implied path from nowhere', () => {
    const of = (id: string, value: string) =>
      dependentSettings(new Map([[id, { value, origin: 'a.conf:3', isText: false }]]));
    expect(of('store.path', 'a.json').get('store.type')?.origin).toBe('a.conf:3');
    expect(of('store.type', 'file').get('store.path')?.origin).toBe('default');
  });

  it('drops the rest of [auth], and nothing else, if auth.enabled is false', () => {
    const rest = { 'auth.bcrypt-cost': 'many', 'http.auth-enabled': true };
    expect(settled({ 'auth.enabled': false, ...rest })).toEqual({
      'auth.enabled': false,
      'http.auth-enabled': true,
    });
    expect(settled({ 'auth.enabled': true, ...rest })).toEqual({ 'auth.enabled': true, ...rest });
    expect(settled({ 'auth.enabled': 'no', ...rest })).toEqual({ 'auth.enabled': 'no', ...rest });
  });
});
