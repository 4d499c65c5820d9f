import fc from 'fast-check';
import { nearest } from '../../lib/config/nearest.js';

describe('nearest', () => {
  it.each([
    ['auth-enable', ['shared-secret', 'auth-enabled'], 'auth-enabled'],
    ['metaUseTLS', ['metaKey', 'metaUseTls', 'metaCa'], 'metaUseTls'],
    ['secretshared', ['shared-secret', 'secret-shared'], 'secret-shared'],
    ['kitten', ['mitten', 'sitting'], 'mitten'],
    ['ab', ['cd', 'ef'], undefined],
    ['', ['long', 'it'], undefined],
    ['port', ['timeout', 'upstream'], undefined],
    ['x', [], undefined],
    ['x', ['', 'ab'], ''],
  ])('of %j in %j is %j', (word, candidates, answer) => {
    expect(nearest(word, candidates)).toBe(answer);
  });

  it.each([
    ['gatway', 1, 'gateway'],
    ['gtway', 1, undefined],
    ['gtway', 2, 'gateway'],
  ])('of %j within %i edits is %j', (word, most, answer) => {
    expect(nearest(word, ['store', 'gateway'], most)).toBe(answer);
  });

  it('is the word itself where that is known', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (words, index) => {
        const word = words[index % words.length] ?? '';
        expect(nearest(word, words)).toBe(word);
      }),
    );
  });

  it('finds a word after one edit, among words that share no letter with it', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 3 });
    const edit = fc.record({
      at: fc.nat(),
      gone: fc.constantFrom(0, 1),
      put: fc.constantFrom('', 'z'),
    });
    fc.assert(
      fc.property(word, edit, (original, { at, gone, put }) => {
        const start = at % original.length;
        const edited = original.slice(0, start) + put + original.slice(start + gone);
        expect(nearest(edited, ['xyxy', original, 'yx'.repeat(original.length)])).toBe(original);
      }),
    );
  });
});
