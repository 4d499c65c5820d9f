import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { RunningResponses } from '../../lib/server/running-responses.js';

function response(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()));
}

describe('running responses', () => {
  it('are those that are neither finished nor broken off', () => {
    const running = new RunningResponses();
    const responses = Array.from({ length: 1_000 }, response);
    for (const [index, one] of responses.entries()) {
      running.add(one);
      if (index % 3 === 0) one.destroy();
    }
    const expected = responses.filter((_one, index) => index % 3 !== 0);
    expect(running.list()).toEqual(expected);
    for (const one of responses) one.destroy();
    expect(running.list()).toEqual([]);
  });
});
