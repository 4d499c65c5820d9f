import type { Link } from './page.js';

/** @param base - the path below which the pages are, without a slash at its end */
export function linkBelow(base: string): Link {
  return (path, query = {}) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') parameters.append(name, value);
    }
    const text = parameters.toString();
    return base + path + (text === '' ? '' : `?${text}`);
  };
}
