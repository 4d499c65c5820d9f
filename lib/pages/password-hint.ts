/** Says how long a password may be: 72 bytes of UTF-8, which is what bcrypt reads. */
export const PASSWORD_HINT =
  'At most 72 characters; letters with accents or of other scripts count twice or more';
