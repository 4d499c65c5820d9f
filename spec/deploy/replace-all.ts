/** A text with some of its parts replaced, wherever they are. @throws Error when one of them is nowhere */
export function replaceAll(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((changed, [part, replacement]) => {
    if (!changed.includes(part)) throw new Error(`there is no ${part}`);
    return changed.replaceAll(part, replacement);
  }, text);
}
