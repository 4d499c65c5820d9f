/** The message of each line about a request, in the log of a server. */
export const REQUEST = 'request';
