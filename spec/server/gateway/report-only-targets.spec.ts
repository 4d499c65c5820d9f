import { counted, REPORTED, startReporting as start } from './reporting-gateway.js';
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

/** A path with a semicolon at one of the places at which servers cut a name. */
const CUT = [...OWN, ...OTHERS, '/subscribe/a', '/%73ubscribe/a/write'].flatMap((path) =>
  [...path.matchAll(/.(?=\/|$)/g)].flatMap(({ index }) =>
    [';', ';x', ';x=%20', '%20;'].map(
      (text) => `${path.slice(0, index + 1)}${text}${path.slice(index + 1)}`,
    ),
  ),
);

describe('a gateway that only reports', () => {
  const options = { pages: { enabled: true }, metrics: { endpoint: 'open' } } as const;

  it('forwards no target that it would answer itself or can read in several ways', async () => {
    const reporting = await start(options);
    const enforcing = await StartedGateway.start(options);
    try {
      for (const target of TARGETS.filter((each) => !/^[^?]*;/.test(each))) {
        const enforced = await sentOn(enforcing, target);
        const passed = await sentOn(reporting, target);
        expect([target, passed.map(read)]).toEqual([target, enforced.map(read)]);
      }
    } finally {
      await enforcing.stop();
    }
  });

  it('refuses a path at whose semicolon servers could end a name', async () => {
    const reporting = await start(options);
    for (const target of [...CUT, ...TARGETS.filter((each) => /^[^?]*;/.test(each))]) {
      expect([target, await sentOn(reporting, target)]).toEqual([target, []]);
    }
    const { status } = await reporting.fetch('/kapacitor/v1/tasks;x/a', 'root');
    expect(status).toBe(400);
    await expect(counted(reporting, REPORTED)).resolves.toBe(0);
  });

  it.each(['/kapacitor/v1/tasks/a%3Bb', '/kapacitor/v1/tasks?x=a;b', '/kapacitor/v1/tasks?;'])(
    'forwards %s, as it was sent',
    async (target) => {
      const reporting = await start(options);
      expect(await sentOn(reporting, target)).toEqual([target]);
    },
  );
});

/** The targets that a gateway forwards for one. */
async function sentOn(gateway: StartedGateway, target: string): Promise<readonly string[]> {
  gateway.upstream.seen.length = 0;
  const head = `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
  const answer = await gateway.send(head);
  expect([target, answer.slice(0, 10)]).not.toEqual([target, 'HTTP/1.1 5']);
  return gateway.upstream.seen.map(({ url }) => url);
}

/** The segments that an upstream reads of a target. */
function read(target: string): readonly string[] {
  return target.replace(/\?.*/s, '').split('/').map(decodeURIComponent);
}
