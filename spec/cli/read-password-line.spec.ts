import { PassThrough, Readable } from 'node:stream';
import { readPasswordLine } from '../../lib/cli/read-password-line.js';
import { MemoryTerminal } from './memory-terminal.js';

describe('readPasswordLine', () => {
  it.each([
    ['a line', 'secret\n', 'secret'],
    ['a line without its end', 'secret', 'secret'],
    ["a line of another system's", 'secret\r\n', 'secret'],
    ['the first of several lines', 'secret\nother\n', 'secret'],
    ['spaces as part of it', ' se cret \n', ' se cret '],
    ['letters of any script', 'пароль𝒜\n', 'пароль𝒜'],
    ['what follows a byte order mark', '\ufeffsecret\n', 'secret'],
    ['nothing', '', ''],
  ])('reads %s', async (_what, input, password) => {
    await expect(readPasswordLine(new MemoryTerminal(input))).resolves.toBe(password);
  });

  it.each(['secret\n', 'sec|ret\n', 'secret\nmore'])(
    'waits for nothing after the first line: %j',
    async (input) => {
      const terminal = new MemoryTerminal('');
      const stdin = new PassThrough();
      for (const part of input.split('|')) stdin.write(part);
      await expect(readPasswordLine({ ...terminal, stdin })).resolves.toBe('secret');
    },
  );

  it('takes no endless line', async () => {
    const terminal = new MemoryTerminal('');
    const stdin = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(4096, 'x');
      })(),
    );
    await expect(readPasswordLine({ ...terminal, stdin })).rejects.toThrow('too long');
  });

  it('refuses what is not UTF-8', async () => {
    const terminal = new MemoryTerminal(Buffer.from([0x73, 0xe9, 0x0a]));
    await expect(readPasswordLine(terminal)).rejects.toThrow(
      'the password on standard input is not UTF-8',
    );
  });
});
