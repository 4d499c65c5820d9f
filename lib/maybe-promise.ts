/** A value now, or a promise of it: stores that can answer at once spare the request a turn. */
export type MaybePromise<T> = T | Promise<T>;
