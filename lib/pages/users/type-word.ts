/** The word for a type of user; an event may hold any text. */
export function typeWord(type: string): string {
  return type === 'admin' ? 'administrator' : type;
}
