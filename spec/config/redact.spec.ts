import { inspect } from 'node:util';
import { redact, secretState } from '../../lib/config/redact.js';

describe('redact', () => {
  const section = redact({ name: 'amy', password: 'hunter2', token: '' }, ['password', 'token']);

  it('keeps the values for the code that reads them, and freezes them', () => {
    expect([section.name, section.password, section.token]).toEqual(['amy', 'hunter2', '']);
    expect(Object.isFrozen(section)).toBe(true);
    expect(Object.keys(section)).toEqual(['name', 'password', 'token']);
  });

  it('hides the secrets from JSON.stringify and util.inspect, wherever the object is', () => {
    const shown = { name: 'amy', password: '(set)', token: '(not set)' };
    expect(JSON.parse(JSON.stringify([section]))).toEqual([shown]);
    expect(inspect({ section }, { depth: 5 })).toBe(inspect({ section: shown }));
  });
});

describe('secretState', () => {
  it.each([
    ['', '(not set)'],
    [undefined, '(not set)'],
    ['x', '(set)'],
  ])('is, of %p, %s', (secret, state) => {
    expect(secretState(secret)).toBe(state);
  });
});
