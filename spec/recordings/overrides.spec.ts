import type { Override } from './overrides.js';
import { applyOverrides } from './overrides.js';

interface Case {
  readonly id: string;
  readonly status: number;
  readonly error?: string;
}

const cases: readonly Case[] = [
  { id: 'one', status: 200 },
  { id: 'two', status: 401, error: 'no' },
];

const override = (id: string, expected: Partial<Case>): Override<Case> => ({
  deviation: 7,
  matches: (recorded) => recorded.id === id,
  expected: () => expected,
});

describe('overrides of a recording', () => {
  it('change what they match and leave the rest', () => {
    expect(applyOverrides(cases, [override('two', { status: 404 })])).toEqual([
      cases[0],
      { id: 'two', status: 404, error: 'no' },
    ]);
  });

  it('may match one case several times: the last one decides', () => {
    const overrides = [override('one', { status: 1, error: 'a' }), override('one', { status: 2 })];
    expect(applyOverrides(cases, overrides)[0]).toEqual({ id: 'one', status: 2, error: 'a' });
  });

  it('see the case as it was recorded', () => {
    const second: Override<Case> = {
      deviation: 8,
      matches: ({ status }) => status === 200,
      expected: ({ status }) => ({ error: `was ${String(status)}` }),
    };
    expect(applyOverrides(cases, [override('one', { status: 1 }), second])[0]).toEqual({
      id: 'one',
      status: 1,
      error: 'was 200',
    });
  });

  it('leave the recording itself as it is', () => {
    const before = structuredClone(cases);
    applyOverrides(cases, [override('one', { status: 1 })]);
    expect(cases).toEqual(before);
  });

  it.each<[string, Override<Case>, string]>([
    ['matches nothing', override('three', { status: 1 }), 'deviation 7 matches nothing'],
    [
      'changes nothing',
      override('one', { status: 200 }),
      'deviation 7 changes nothing in {"id":"one","status":200}',
    ],
  ])('fail the spec when one %s', (_what, stale, message) => {
    expect(() => applyOverrides(cases, [stale])).toThrow(message);
  });
});
