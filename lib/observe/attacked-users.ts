const names = new WeakMap<object, string>();

/** Notes for which user a wrong password was given. Beside the error, not on it: clients may be shown errors. */
export function noteAttackedUser(error: object, name: string): void {
  names.set(error, name);
}

/** The user for whom a wrong password was given, where there is such a user. */
export function attackedUser(error: object): string | undefined {
  return names.get(error);
}
