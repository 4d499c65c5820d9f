import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import express from 'express';
import fc from 'fast-check';
import request from 'supertest';
import { kapacitorAuth, MemoryUserStore, usersApi } from '../../lib/index.js';
import { startAuditLog } from '../../lib/server/audit-log.js';
import { LostLines } from '../../lib/server/lost-lines.js';
import { WrittenLog } from '../server/written-log.js';
import { basic, bearer, SECRET } from '../support/open-auth.js';
import { heard } from './heard.js';

/** A password that nobody takes for anything else. */
const password = fc
  .string({ unit: fc.constantFrom(...'abcdefXYZ0123456789'), minLength: 12, maxLength: 20 })
  .map((text) => `pw${text}`);

const store = () => new MemoryUserStore([{ name: 'root', password: 'root-pw', type: 'admin' }]);

describe('passwords', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are in no event, metric or log, wherever they are sent', async () => {
    const log = new WrittenLog();
    const path = join(folder, 'audit.log');
    const auth = kapacitorAuth({
      configFile: devNull,
      http: { sharedSecret: SECRET },
      auth: { bcryptCost: 4 },
      audit: { path },
      store: store(),
      logger: log.logger,
    });
    const audit = startAuditLog(auth, { logger: log.logger, lostLines: new LostLines() });
    const events = heard(auth);
    const app = express().use(usersApi(auth), auth);
    const api = '/kapacitor/v1/users';
    const ways: readonly ((secret: string) => request.Test)[] = [
      (secret) => request(app).get('/').set('Authorization', basic('root', secret)),
      // Where the name belongs, without a name, and as a token.
      (secret) => request(app).get('/').set('Authorization', basic(secret, 'root')),
      (secret) => request(app).get('/').set('Authorization', basic('', secret)),
      (secret) => request(app).get('/').set('Authorization', `Bearer ${secret}`),
      (secret) => request(app).get('/').set('Authorization', bearer(secret)),
      (secret) => request(app).get('/').set('Authorization', basic('~subscriber', secret)),
      (secret) => request(app).get(`/?u=root&p=${secret}`),
      (secret) => request(app).get(`/a&u=root&p=${secret}`),
      (secret) => request(app).get(`/a;p=${secret}`),
      (secret) => request(app).get(`/?x#p=${secret}`),
      (secret) =>
        request(app).post(api).auth('root', 'root-pw').send({ name: 'joe', password: secret }),
      (secret) =>
        request(app).patch(`${api}/joe`).auth('root', 'root-pw').send({ password: secret }),
      () => request(app).delete(`${api}/joe`).auth('root', 'root-pw'),
    ];
    const granted = await auth.subscriptions?.grant({ database: 'telegraf' });
    const token = granted?.token ?? '';
    await fc.assert(
      fc.asyncProperty(password, async (secret) => {
        for (const way of ways) await way(secret);
        const shown = [
          inspect(events, { depth: 10 }),
          JSON.stringify(events),
          await auth.metrics.metrics(),
          readFileSync(path, 'utf8'),
          log.text,
          inspect(auth, { depth: 10, showHidden: true }),
        ].join('\n');
        for (const text of [secret, SECRET, 'root-pw', '$2b$', basic('root', secret), token]) {
          expect(shown.includes(text)).toBe(false);
        }
      }),
      { numRuns: 10 },
    );
    expect(new Set(events.map(({ event }) => event))).toEqual(
      new Set(['authenticated', 'rejected', 'userChanged', 'subscriptionChanged']),
    );
    expect(readFileSync(path, 'utf8')).toContain(
      `"event":"subscriptionChanged","change":"granted","id":"${granted?.id ?? ''}"`,
    );
    audit.close();
    await auth.close();
  });
});
