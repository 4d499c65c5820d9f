import type { ShowPage } from './page.js';
import { USER_ROUTES } from './users/routes.js';

/** The pages by path and method, for users who are logged in. */
export const ROUTES: ReadonlyMap<
  string,
  Readonly<Partial<Record<'GET' | 'POST', ShowPage>>>
> = new Map([...USER_ROUTES]);
