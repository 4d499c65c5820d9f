import { startReporting as start } from './reporting-gateway.js';
import { StartedGateway } from './started-gateway.js';

const STARTS = [
  '',
  '/',
  '//',
  '/.',
  '/./',
  '/x/..',
  '/%2e',
  '/%2F',
  '/%',
  '/\\',
  '*',
  'http://x',
  'http://y',
  'HTTP://x:80',
];
const OWN = [
  '/kapacitor/v1/users',
  '/KAPACITOR/v1/%75SERS/root',
  '/auth',
  '/he%61lth',
  '/admin%2f',
  '/Metrics',
  '/subscribe/a/write',
];
const OTHERS = ['/kapacitor/v1/tasks', '/debug/vars', '/%74asks/%7e', '/ping'];
const ENDS = ['', '/', '/.', '/..', '//', '?', '#x', '?a#x', '%00', '%0d%0a', '%c3%28', ';x'];

const TARGETS = [
  ...STARTS.flatMap((start) => [...OWN, ...OTHERS].map((path) => start + path)),
  ...[...OWN, ...OTHERS].flatMap((path) => ENDS.map((end) => path + end)),
];

describe('a gateway that only reports', () => {
  it('forwards no target that it would answer itself or can read in several ways', async () => {
    const options = { pages: { enabled: true }, metrics: { endpoint: 'open' } } as const;
    const reporting = await start(options);
    const enforcing = await StartedGateway.start(options);
    try {
      const forwards = async (gateway: StartedGateway, target: string) => {
        gateway.upstream.seen.length = 0;
        const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
        const answer = await gateway.send(head);
        expect([target, answer.slice(0, 10)]).not.toEqual([target, 'HTTP/1.1 5']);
        return gateway.upstream.seen.length;
      };
      for (const target of TARGETS) {
        const enforced = await forwards(enforcing, target);
        expect([target, await forwards(reporting, target)]).toEqual([target, enforced]);
      }
    } finally {
      await enforcing.stop();
    }
  });
});
