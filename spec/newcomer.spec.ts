import { readPages } from './support/pages.js';

const pages = readPages();
const textOf = (page: string): string => pages.find(({ path }) => path === page)?.text ?? '';

describe('the documentation', () => {
  it('says what a newcomer stumbles over: modules, a package to come, images', () => {
    expect(textOf('README.md')).toContain('Save it as `app.mjs`');
    expect(textOf('README.md')).toContain('Until it is published: `npm pack` in a clone');
    expect(textOf('docs/operating.md')).toMatch(/Dockerfile\) makes an image in a clone/);
    expect(textOf('docs/operating.md')).toMatch(/docker-compose\.yml\) builds it in a clone/);
  });
});
