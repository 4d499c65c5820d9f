import type { ShowPage } from './page.js';

/** The pages by path and method, for users who are logged in. */
export const ROUTES: ReadonlyMap<
  string,
  Readonly<Partial<Record<'GET' | 'POST', ShowPage>>>
> = new Map([]);
