import { writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcrypt';
import { temporaryFolder } from '../support/temporary-folder.js';

// Examples say `kapacitorAuth()`, as apps do. Imported before an example, this is the machine that they run on.

/** The users there; the password of each is its name and `-pw`. */
const users = [
  { name: 'root', type: 'admin' },
  { name: 'amy', permissions: ['api'] },
  { name: 'bob', permissions: ['write_points'] },
  { name: 'team-joe' },
  { name: 'team-zoe' },
].map((user) => ({ ...user, hash: hashSync(`${user.name}-pw`, 4) }));

const store = join(temporaryFolder(), 'users.json');
writeFileSync(store, JSON.stringify({ version: 1, users }), { mode: 0o600 });

Object.assign(process.env, {
  KAPACITOR_CONFIG_PATH: devNull,
  KAPACITOR_STORE_PATH: store,
  KAPACITOR_AUTH_BCRYPT_COST: '4',
  KAPACITOR_HTTP_SHARED_SECRET: 'a shared secret of more than 32 bytes',
});
