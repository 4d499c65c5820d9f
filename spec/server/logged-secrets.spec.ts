import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MORE_SPELLINGS, SECRET, SPELLINGS } from '../observe/spelled-secrets.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { StartedGateway } from './gateway/started-gateway.js';

const folder = temporaryFolder();

/** Longer than any line about a request whose path is cut. */
const LONGEST_LINE = 3_000;

describe('the log and the audit log of a server', () => {
  let gateway: StartedGateway;
  const path = join(folder, 'audit.log');
  const audited = () => readFileSync(path, 'utf8').trimEnd().split('\n');

  beforeAll(async () => {
    gateway = await StartedGateway.start({ audit: { path }, auth: { bcryptCost: 4 } });
  });

  afterAll(() => gateway.stop());

  const ask = (target: string, name: string) =>
    gateway.send(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, name);

  it('hold no secret of a request, however it was spelled', async () => {
    const targets = [...SPELLINGS, ...MORE_SPELLINGS];
    for (const target of targets) {
      await ask(target, 'stranger');
      await ask(target, 'nobody');
    }
    expect(gateway.log.requests).toHaveLength(2 * targets.length);
    expect(audited().length).toBeGreaterThan(targets.length);
    const lines = [...gateway.log.text.split('\n'), ...audited()];
    expect(lines.filter((line) => line.includes(SECRET))).toEqual([]);
  });

  it.each([
    ['a long path', `/kapacitor/v1/${'x'.repeat(12_000)}`],
    ['a long path with escapes', `/kapacitor/v1/${'%C3%B6'.repeat(2_000)}`],
    ['a long query', `/kapacitor/v1/config?${'x'.repeat(12_000)}`],
  ])('have no long line about %s', async (_what, target) => {
    const before = audited().length;
    await ask(target, 'stranger');
    const lines = [...gateway.log.text.split('\n'), ...audited()];
    expect(audited()).toHaveLength(before + 1);
    expect(lines.filter((line) => line.length > LONGEST_LINE)).toEqual([]);
  });
});
