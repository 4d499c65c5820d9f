import { createServer } from 'node:http';
import { kapacitorAuth } from 'kapacitor-auth';

const auth = kapacitorAuth();

/** Only compiled: an app without Express, and without the types of Express. */
export const server = createServer((request, response) => {
  void Promise.resolve(auth.authenticate(request)).then(({ name }) => response.end(name));
});
