import type { IncomingMessage } from 'node:http';
import { forwardedRequest } from '../../lib/express/forwarded-request.js';

type Values = Readonly<Record<string, readonly string[]>>;

/** A question as Node.js reads it: a field that comes twice is joined by a comma. */
function asked(fields: Values): Pick<IncomingMessage, 'headers' | 'headersDistinct'> {
  const entries = Object.entries(fields);
  return {
    headers: Object.fromEntries(entries.map(([key, values]) => [key, values.join(', ')])),
    headersDistinct: Object.fromEntries(entries.map(([key, values]) => [key, [...values]])),
  };
}

const V1 = '/kapacitor/v1';
const original = (uri: readonly string[], method: readonly string[]): Values => ({
  'x-original-uri': uri,
  'x-original-method': method,
});
const forwarded = (uri: readonly string[], method: readonly string[]): Values => ({
  'x-forwarded-uri': uri,
  'x-forwarded-method': method,
});
const url = (value: string): Values => ({ 'x-original-url': [value] });

const REPEATED = 'more than once';
const CONTRADICTION = 'contradict each other';
const TOGETHER = 'go together';

describe.each([
  ['all that Node.js tells', (fields: Values) => asked(fields)],
  [
    'only what it tells apart',
    (fields: Values) => ({ headersDistinct: asked(fields).headersDistinct }),
  ],
])('the request that a proxy asks about, read from %s', (_from, told) => {
  it.each<[what: string, fields: Values, target: string]>([
    ['nginx', original([V1], ['GET']), V1],
    ['Traefik', forwarded([V1], ['GET']), V1],
    ['both alike', { ...original([V1], ['GET']), ...forwarded([V1], ['GET']) }, V1],
    ['ingress-nginx', { ...url(`https://x${V1}?a=b`), 'x-original-method': ['GET'] }, `${V1}?a=b`],
    ['URL and target alike', { ...url(`http://x:80${V1}`), ...original([V1], ['GET']) }, V1],
    ['a target with a comma', original([`${V1}/a,b`], ['GET']), `${V1}/a,b`],
    ['a URL with a comma', { ...url('http://x/a, b'), 'x-original-method': ['GET'] }, '/a, b'],
  ])('is what %s tells', (_what, fields, target) => {
    expect(forwardedRequest(told(fields))).toEqual({ method: 'GET', target });
  });

  it.each<[what: string, fields: Values, problem: string]>([
    ['nothing', {}, 'the proxy must say'],
    ['no method', { 'x-original-uri': [V1] }, TOGETHER],
    ['no target', { 'x-forwarded-method': ['GET'] }, TOGETHER],
    ['an empty target', original([''], ['GET']), TOGETHER],
    ['an empty method', forwarded([V1], ['']), TOGETHER],
    ['two targets', original([V1, V1], ['GET']), REPEATED],
    ['two methods', forwarded([V1], ['GET', 'GET']), REPEATED],
    [
      'two that differ',
      { ...original([V1], ['GET']), ...forwarded(['/'], ['GET']) },
      CONTRADICTION,
    ],
    [
      'methods that differ',
      { ...original([V1], ['GET']), ...forwarded([V1], ['PUT']) },
      CONTRADICTION,
    ],
    ['a URL that differs', { ...url('http://x/y'), ...original([V1], ['GET']) }, CONTRADICTION],
    ['a URL with a user', { ...url('http://a@x/y'), 'x-original-method': ['GET'] }, 'is a URL'],
    ['a URL of no path', { ...url('http://x?y'), 'x-original-method': ['GET'] }, 'is a URL'],
  ])('is refused if it tells %s', (_what, fields, problem) => {
    expect(() => forwardedRequest(told(fields))).toThrow(problem);
  });

  it('is what the pair tells that counts, whatever the other says', () => {
    const differing = told({ ...original(['/a', '/b'], ['GET']), ...forwarded(['/c'], ['PUT']) });
    expect(forwardedRequest(differing, 'forwarded')).toEqual({ method: 'PUT', target: '/c' });
    expect(() => forwardedRequest(differing, 'original')).toThrow(REPEATED);
    expect(() => forwardedRequest(told(original(['/a'], ['GET'])), 'forwarded')).toThrow(
      'in X-Forwarded-Uri and X-Forwarded-Method',
    );
  });
});
