/** All that a store of this package keeps beyond the least, for its contract. */
export const KEEPING_ALL = {
  grants: true,
  disabled: true,
  sessions: true,
  filters: true,
  rename: true,
  times: true,
} as const;
