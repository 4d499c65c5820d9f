import fc from 'fast-check';
import type { Content } from '../../lib/pages/html.js';
import { html } from '../../lib/pages/html.js';

describe('html', () => {
  it('escapes every text, in elements and in quoted attributes', () => {
    const bad = `<script>alert("1")</script>&'`;
    expect(html`<p title="${bad}">${bad}</p>`.toString()).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;</p>',
    );
  });

  it('lets nothing through that could begin markup or end an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.toString()).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it.each<readonly [string, Content, string]>([
    ['another template', html`<b>${'a&b'}</b>`, '<b>a&amp;b</b>'],
    ['a list', ['a', html`<i></i>`, '<'], 'a<i></i>&lt;'],
    ['a number', 7, '7'],
    ['false', false, ''],
    ['undefined', undefined, ''],
  ])('takes %s', (_what, value, shown) => {
    expect(html`${value}`.toString()).toBe(shown);
  });

  it('shows controls, and marks that turn the direction of a text, as what they are', () => {
    expect(html`a${'\u202e\0\x1b\u2066'}b`.toString()).toBe('a\ufffd\ufffd\ufffd\ufffdb');
  });

  it('keeps the lines of a text', () => {
    expect(html`<pre>${'a\n  b\tc'}</pre>`.toString()).toBe('<pre>a\n  b\tc</pre>');
  });

  it('refuses a value in an attribute without quotes', () => {
    expect(() => html`<p title=${'x'}></p>`).toThrow('an attribute needs quotes');
  });
});
