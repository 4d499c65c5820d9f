import express from 'express';
import { health } from '../../lib/server/health.js';
import type { Listening } from '../../lib/server/listen.js';
import { listen } from '../../lib/server/listen.js';
import { until } from '../support/until.js';
import { RawConnection } from './connection/raw-connection.js';

describe('/health', () => {
  let now = 0;
  let listening: Listening;
  let connection: RawConnection;
  /** Each question to the source that was asked, to be answered. */
  const asked: ((isReady: boolean) => void)[] = [];
  const auth = {
    config: { auth: { enforce: 'on' as const } },
    check: () =>
      new Promise<void>((resolve, reject) => {
        asked.push((isReady) => {
          if (isReady) resolve();
          else reject(new Error('down'));
        });
      }),
  };

  beforeEach(async () => {
    asked.length = 0;
    const app = express().get(
      '/health',
      health(auth, () => now),
    );
    listening = await listen(app, { host: '127.0.0.1', port: 0 });
    connection = new RawConnection(listening.url);
  });

  afterEach(async () => {
    connection.socket.destroy();
    await listening.stop(0);
  });

  const ask = (times: number): void => {
    connection.write('GET /health HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(times));
  };

  async function questions(count: number): Promise<void> {
    await until(`the source is asked ${String(count)} times`, () => asked.length >= count);
  }

  it('asks the source once for all who ask within a moment', async () => {
    ask(100);
    await questions(1);
    asked[0]?.(true);
    await expect(connection.answers(100)).resolves.toEqual(Array(100).fill(200));
    expect(asked).toHaveLength(1);
    now += 249;
    ask(1);
    await connection.answers(101);
    expect(asked).toHaveLength(1);
  });

  it('asks anew after it, and tells that the source is down or back', async () => {
    for (const [turn, status] of [200, 503, 200].entries()) {
      ask(1);
      await questions(turn + 1);
      asked[turn]?.(status === 200);
      const statuses = await connection.answers(turn + 1);
      expect(statuses.at(-1)).toBe(status);
      now += 250;
    }
  });
});
