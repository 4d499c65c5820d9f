/** The properties of a user that stores keep, in the order in which they are written. */
export const USER_FIELDS = [
  'name',
  'type',
  'hash',
  'permissions',
  'grants',
  'disabled',
  'created',
  'changed',
  'sessions',
] as const;
