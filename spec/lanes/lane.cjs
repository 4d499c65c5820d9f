const { join } = require('node:path');

/**
 * A lane of the tests (a project of jest).
 *
 * @param {string} displayName
 * @param {readonly string[]} folders - of spec, or files; `!` before one leaves it out
 */
exports.lane = (displayName, folders) => ({
  displayName,
  rootDir: join(__dirname, '../..'),
  roots: ['<rootDir>/spec'],
  testMatch: folders.map((folder) =>
    folder.startsWith('!') ? `!**/spec/${folder.slice(1)}` : `**/spec/${folder}`,
  ),
  transform: { '^.+\\.m?ts$': ['ts-jest', { tsconfig: 'spec/tsconfig.json' }] },
  moduleNameMapper: {
    '^kapacitor-auth$': '<rootDir>/lib/index.ts',
    '^kapacitor-auth/store-contract$': '<rootDir>/lib/store-contract.ts',
    '^fast-check$': '<rootDir>/spec/support/seeded-fast-check.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFilesAfterEnv: ['<rootDir>/spec/support/watch-for-leaks.ts'],
  collectCoverageFrom: ['lib/**/*.ts'],
  testTimeout: 120_000,
  // For the count of behaviours.
  testLocationInResults: true,
});
