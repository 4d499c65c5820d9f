import { devNull } from 'node:os';
import { startNotice } from '../../lib/cli/notices.js';
import { loadConfig } from '../../lib/index.js';
import {
  isBelowPages,
  placeOfPages,
  shownPages,
  unshownPages,
} from '../../lib/server/shown-pages.js';

const UPSTREAM = { upstream: 'http://127.0.0.1:9092' };
const TLS = { tlsCert: '/nowhere/cert.pem', tlsKey: '/nowhere/key.pem' };

type Enabled = boolean | 'auto';

describe.each(['127.0.0.1', '127.9.9.9', 'localhost', 'LOCALHOST', '::1'])(
  'on %s, the pages',
  (host) => {
    it.each<readonly [boolean, Enabled, object]>([
      [true, 'auto', {}],
      [true, 'auto', TLS],
      [false, 'auto', UPSTREAM],
      [false, 'auto', { ...UPSTREAM, ...TLS }],
      [true, true, UPSTREAM],
      [false, false, TLS],
    ])('are shown (%p) by %p and %o', (isShown, enabled, gateway) => {
      const config = loadConfig({ configFile: devNull, pages: { enabled }, gateway });
      expect(shownPages(config, host) !== undefined).toBe(isShown);
      expect(shownPages(config, host)?.isInClear ?? false).toBe(false);
    });
  },
);

describe.each([
  '0.0.0.0',
  '::',
  '192.0.2.1',
  'fe80::1',
  'gateway.example',
  'localhost.example',
  '::2',
])('on %s, the pages', (host) => {
  it.each<readonly [boolean, boolean, Enabled, object]>([
    [false, false, 'auto', {}],
    [false, false, 'auto', { trustedProxies: '10.0.0.0/8' }],
    [true, false, 'auto', TLS],
    [false, false, 'auto', { ...UPSTREAM, ...TLS }],
    [true, true, true, {}],
    [true, true, true, UPSTREAM],
    [true, false, true, { trustedProxies: '10.0.0.0/8' }],
    [true, false, true, TLS],
    [false, false, false, TLS],
  ])('are shown (%p), and in clear (%p), by %p and %o', (isShown, isInClear, enabled, gateway) => {
    const config = loadConfig({ configFile: devNull, pages: { enabled }, gateway });
    const pages = shownPages(config, host);
    expect(pages !== undefined).toBe(isShown);
    expect(pages?.isInClear ?? false).toBe(isInClear);
  });
});

it.each<readonly [Enabled, string | undefined]>([
  ['auto', 'off (KAPACITOR_PAGES_ENABLED=true shows them)'],
  [false, undefined],
])('pages that are not shown, by %p, are told of as %p', (enabled, note) => {
  const config = loadConfig({ configFile: devNull, pages: { enabled }, gateway: UPSTREAM });
  expect(shownPages(config, '127.0.0.1')).toBeUndefined();
  expect(unshownPages(config)).toBe(note);
  const text = startNotice({ url: 'http://127.0.0.1:9095', pages: undefined, config });
  expect(/ pages: +(.*)\n/.exec(text)?.[1]).toBe(note);
});

describe('the place of pages', () => {
  it.each([
    ['', 'http://127.0.0.1:9095/admin/'],
    ['https://kapacitor.example', 'https://kapacitor.example/admin/'],
  ])('with the origin %p is %s', (origin, url) => {
    const config = loadConfig({ configFile: devNull, pages: { origin } });
    const pages = shownPages(config, '127.0.0.1');
    expect(pages && placeOfPages(pages, 'http://127.0.0.1:9095')).toEqual({ url });
  });
});

it.each([
  ['', '0.0.0.0', true],
  ['', '127.0.0.1', false],
  ['https://kapacitor.example', '0.0.0.0', false],
  ['http://kapacitor.example', '0.0.0.0', true],
  ['http://kapacitor.example', '127.0.0.1', true],
  ['http://localhost:8080', '0.0.0.0', false],
  ['http://[::1]:8080', '0.0.0.0', false],
])('with the origin %p, pages on %s are in clear: %p', (origin, host, isInClear) => {
  const config = loadConfig({ configFile: devNull, pages: { enabled: true, origin } });
  expect(shownPages(config, host)?.isInClear).toBe(isInClear);
});

it.each([
  ['/admin', true],
  ['/admin/', true],
  ['/admin?x', true],
  ['/ADMIN/users?name=a', true],
  ['/administrator', false],
  ['/admin-x', false],
  ['/kapacitor/admin', false],
  ['//admin', false],
  ['/', false],
])('of targets, %s is below the pages: %p', (target, isBelow) => {
  const pages = { basePath: '/admin', origin: undefined, isInClear: false };
  expect(isBelowPages(pages)(target)).toBe(isBelow);
});

it.each([
  ['on', undefined],
  ['report', 'only reported (auth.enforce = "report"): the upstream alone refuses'],
] as const)('refusals are told of at the start if they are only reported: %s', (enforce, note) => {
  const config = loadConfig({ configFile: devNull, auth: { enforce }, gateway: UPSTREAM });
  const text = startNotice({ url: 'http://127.0.0.1:9095', pages: undefined, config });
  expect(/ refusals: +(.*)\n/.exec(text)?.[1]).toBe(note);
});
