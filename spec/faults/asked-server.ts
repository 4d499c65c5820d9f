import { once } from 'node:events';
import { request } from 'node:http';
import { basic } from '../support/open-auth.js';

/** A server of a process of its own that answers with the type of who asks. It is given `[store]`. */
export const SERVER = `
  const { kapacitorAuth, KapacitorAuthError } = lib('index.js');
  const auth = kapacitorAuth({
    configFile: false, http: { authEnabled: true }, auth: { bcryptCost: 4 }, store: JSON.parse(args[0]),
  });
  await auth.ready();
  const server = require('node:http').createServer((incoming, response) => {
    (async () => (await auth.authenticate(incoming)).type)()
      .catch((error) => error.code)
      .then((answer) => response.end(answer));
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

/** Asks such a server who somebody is: the type of a user, or the code of an error. */
export async function askServer(
  port: number,
  name: string,
  password = `${name}-pw`,
): Promise<string> {
  const headers = { authorization: basic(name, password) };
  const asked = request({ port, host: '127.0.0.1', headers }).end();
  const [response] = (await once(asked, 'response')) as [AsyncIterable<Buffer>];
  let text = '';
  for await (const chunk of response) text += chunk.toString();
  return text;
}
