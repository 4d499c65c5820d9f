// Stands in for curl where that is not installed: as much of it as README.md uses.
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean', short: 's' },
    include: { type: 'boolean', short: 'i' },
    user: { type: 'string', short: 'u', default: '' },
    request: { type: 'string', short: 'X' },
    data: { type: 'string', short: 'd' },
    'write-out': { type: 'string', short: 'w', default: '' },
  },
});
const { include, user, data, request = data === undefined ? 'GET' : 'POST' } = values;
const answer = await fetch(positionals[0], {
  method: request,
  headers: { Authorization: `Basic ${Buffer.from(user).toString('base64')}` },
  body: data,
});
const spelled = (name) => (name === 'www-authenticate' ? 'WWW-Authenticate' : name);
const head = [
  `HTTP/1.1 ${answer.status} ${answer.statusText}`,
  ...Array.from(answer.headers, ([name, value]) => `${spelled(name)}: ${value}`),
  '\n',
].join('\n');
const written = values['write-out'].replace('%{http_code}', answer.status).replace('\\n', '\n');
process.stdout.write(`${include ? head : ''}${await answer.text()}${written}`);
