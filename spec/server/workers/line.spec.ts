import { EventEmitter } from 'node:events';
import { Line } from '../../../lib/server/workers/line.js';

/** One end of a channel between processes, which passes on what JSON can say. */
class End extends EventEmitter {
  other: End | undefined;
  isDeaf = false;

  send(
    message: object,
    _handle: undefined,
    _options: object,
    sent: (error: null) => void,
  ): boolean {
    const { other } = this;
    setImmediate(() => {
      if (this.isDeaf) return;
      sent(null);
      other?.emit('message', JSON.parse(JSON.stringify(message)));
    });
    return true;
  }
}

function pair(): readonly [End, End] {
  const ends = [new End(), new End()] as const;
  ends[0].other = ends[1];
  ends[1].other = ends[0];
  return ends;
}

const silent = (): undefined => undefined;

describe('a line between two processes', () => {
  it('answers questions both ways, each by its own answer', async () => {
    const [here, there] = pair();
    const one = new Line(here, (question) => ({ here: question }));
    const other = new Line(there, async (question) => Promise.resolve({ there: question }));
    const questions = Array.from({ length: 50 }, (_, index) => ({ index }));
    const answers = await Promise.all(questions.map((question) => one.ask(question)));
    expect(answers).toEqual(questions.map((question) => ({ there: question })));
    await expect(other.ask({ a: 1 })).resolves.toEqual({ here: { a: 1 } });
  });

  it('refuses with the reason of the other process', async () => {
    const [here, there] = pair();
    new Line(there, () => {
      throw new Error('not now');
    });
    await expect(new Line(here, silent).ask({})).rejects.toThrow('not now');
  });

  it('waits no longer than it is told, nor for a process that has ended', async () => {
    const [here] = pair();
    const line = new Line(here, silent);
    await expect(line.ask({}, 20)).rejects.toThrow('no answer within 20 ms');
    const waiting = line.ask({});
    here.emit('disconnect');
    await expect(waiting).rejects.toThrow('the other process ended');
    await expect(line.ask({})).rejects.toThrow('the other process ended');
    expect(line.tell({}, 1)).toBe(false);
  });

  it('takes an answer that lies ready when the time is over', async () => {
    const [here] = pair();
    const answer = new Line(here, silent).ask({}, 5);
    setImmediate(() => here.emit('message', { answer: 1, value: 'late' }));
    // As a process that stood still: the timer is due, and the answer was not read.
    const until = performance.now() + 50;
    while (performance.now() < until);
    await expect(answer).resolves.toBe('late');
  });

  it('holds 10,000 questions and 1 MiB of notices', async () => {
    const [here] = pair();
    here.isDeaf = true;
    const line = new Line(here, silent);
    const waiting = Array.from({ length: 10_000 }, () => line.ask({}));
    await expect(line.ask({})).rejects.toThrow('too many questions wait');
    expect(line.tell({}, 200_000, 250_000)).toBe(true);
    expect(line.tell({}, 100_000, 250_000)).toBe(false);
    expect(line.tell({}, 800_000)).toBe(true);
    expect(line.tell({}, 100_000)).toBe(false);
    here.emit('disconnect');
    await Promise.allSettled(waiting);
  });

  it('minds no message that is nothing of its own', async () => {
    const [here, there] = pair();
    new Line(there, () => 'answer');
    const line = new Line(here, () => {
      throw new Error('not understood');
    });
    for (const message of [null, 5, 'text', {}, { answer: 99 }, { tell: { kind: 'unknown' } }]) {
      here.emit('message', message);
    }
    await expect(line.ask({})).resolves.toBe('answer');
  });
});
