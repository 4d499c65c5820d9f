import fc from 'fast-check';
import { linkBelow } from '../../lib/pages/link.js';
import { addressToRemember, nextPage } from '../../lib/pages/next-page.js';
import { ROUTES } from '../../lib/pages/routes.js';

const link = linkBelow('/admin');
const BASE = 'https://kapacitor.example';

describe('the page after a login', () => {
  it.each([
    '//elsewhere.example',
    'https://elsewhere.example',
    '/\\elsewhere.example',
    '/users/..',
  ])('is never %s', (address) => {
    expect(nextPage(link, address)).toBe('/admin/');
  });

  it('is one of ours, whatever the address', () => {
    const piece = fc.constantFrom('/', '\\', '.', '?', '#', '@', ':', '//', '%2f', 'why', 'users');
    const odd = fc.array(fc.oneof(piece, fc.string()), { maxLength: 8 }).map((all) => all.join(''));
    const pages = ['/', ...ROUTES.keys()].map((path) => `/admin${path}`);
    fc.assert(
      fc.property(
        fc.oneof(odd, fc.constantFrom(...ROUTES.keys()), fc.constant(null)),
        (address) => {
          const { origin, pathname } = new URL(nextPage(link, address), BASE);
          expect(origin).toBe(BASE);
          expect(pages).toContain(pathname);
        },
      ),
    );
  });

  it('is the page that was asked for', () => {
    const query = new URLSearchParams({ method: 'GET', path: '/kapacitor/v1/write?db=a&b' });
    const address = addressToRemember('/why', query) ?? '';
    expect(nextPage(link, address)).toBe(`/admin/why?${query.toString()}`);
  });

  it('is not remembered if it is too long, or no page', () => {
    expect(addressToRemember('/why', new URLSearchParams({ path: 'x'.repeat(3000) }))).toBe(
      undefined,
    );
    expect(addressToRemember('/account/password', new URLSearchParams())).toBe(undefined);
  });
});
