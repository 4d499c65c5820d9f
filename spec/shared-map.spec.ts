import { sharedMap } from '../lib/shared-map.js';

const keyOf = (name: string): symbol => Symbol.for(`kapacitor-auth.${name}`);

describe('a map that copies of the code share', () => {
  it('is one for all of them', () => {
    const [one, other] = [sharedMap<string>('spec.1'), sharedMap<string>('spec.1')];
    const user = Object.freeze({});
    one.set(user, 'known');
    expect(other.get(user)).toBe('known');
    expect(sharedMap<string>('spec.2').has(user)).toBe(false);
  });

  it.each([
    ['a frozen object', Object.freeze({})],
    ['a text', 'foreign'],
    ['a map of another kind', new Map()],
    ['nothing', undefined],
    ['null', null],
  ])('is one of each where %s is in its place for good', (name, value) => {
    const place = `spec.foreign-${name}`;
    Object.defineProperty(globalThis, keyOf(place), { value });
    const map = sharedMap<string>(place);
    const user = {};
    map.set(user, 'known');
    expect(map.get(user)).toBe('known');
    expect(Reflect.get(globalThis, keyOf(place))).toBe(value);
  });
});
