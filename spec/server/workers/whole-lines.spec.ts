import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import fc from 'fast-check';
import { readWholeLines } from '../../../lib/server/workers/whole-lines.js';

async function read(chunks: readonly Buffer[]): Promise<{ written: string[]; lost: number }> {
  const stream = new PassThrough();
  const written: string[] = [];
  let lost = 0;
  readWholeLines(
    stream,
    (lines) => written.push(lines),
    () => (lost += 1),
  );
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
  return { written, lost };
}

it('passes on whole lines, however they are cut, and none that did not end', async () => {
  const lines = fc.array(
    fc.string({ unit: 'binary', maxLength: 40 }).map((line) => line.replaceAll('\n', '')),
  );
  await fc.assert(
    fc.asyncProperty(lines, fc.string(), fc.array(fc.nat(200)), async (all, tail, cuts) => {
      const rest = tail.replaceAll('\n', '');
      const whole = all.map((line) => `${Buffer.from(line).toString()}\n`).join('');
      const bytes = Buffer.from(whole + rest);
      const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort(
        (a, b) => a - b,
      );
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      const { written, lost } = await read(chunks);
      expect(written.join('')).toBe(whole);
      expect(written.every((text) => text.endsWith('\n'))).toBe(true);
      expect(lost).toBe(rest === '' ? 0 : 1);
    }),
  );
});

it('keeps no more than 4 MiB of a line that does not end, and goes on with the next', async () => {
  const part = Buffer.alloc(1_048_576, 'x');
  const long = [part, part, part, part, part, part];
  const { written, lost } = await read([...long, Buffer.from('x\nnext\n')]);
  expect(written).toEqual(['next\n']);
  expect(lost).toBe(1);
});
