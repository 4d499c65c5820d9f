import express5 from 'express';

/** The two Express versions that are supported, by name, for `describe.each`. */
export const expresses: readonly (readonly [name: string, express: typeof express5])[] = [
  ['Express 4', jest.requireActual<typeof express5>('express4')],
  ['Express 5', express5],
];
