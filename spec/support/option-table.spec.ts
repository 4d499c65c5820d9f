import { execFileSync } from 'node:child_process';
import { optionRows } from '../../lib/config/option-rows.js';
import { optionTable } from './option-table.js';

describe('the table of options', () => {
  const lines = optionTable().trimEnd().split('\n');

  it('has a line for each option, with its names, type, default and meaning', () => {
    expect(lines).toHaveLength(2 + optionRows.length);
    const cells = (line?: string): string[] | undefined =>
      line?.split('|').map((cell) => cell.trim());
    expect(cells(lines[0])).toEqual([
      '',
      'Option',
      'Environment variable',
      'Type',
      'Default',
      'Meaning',
      '',
    ]);
    expect(cells(lines[6])).toEqual([
      '',
      '`auth.cache-expiration`',
      '`KAPACITOR_AUTH_CACHE_EXPIRATION`',
      'duration',
      '`"10m"`',
      'how long users and verified passwords are remembered; `"0s"` remembers nothing',
      '',
    ]);
  });

  it('is as Prettier would have it, so that README can hold it unchanged', () => {
    const args = ['node_modules/prettier/bin/prettier.cjs', '--stdin-filepath', 'table.md'];
    expect(execFileSync(process.execPath, args, { input: optionTable() }).toString()).toBe(
      optionTable(),
    );
  });
});
