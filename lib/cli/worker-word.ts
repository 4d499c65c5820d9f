/** The word after the name of the program that makes a process a worker of `serve --workers`. */
export const WORKER_WORD = 'serve-worker';
