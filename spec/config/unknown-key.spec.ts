import { problemsOf, temporaryFolder } from './config-files.js';

const folder = temporaryFolder();

describe('an unknown key', () => {
  it.each([
    ['[gateway]\nport = 1', 'gateway.port', /; serve takes it as --port$/],
    ['[gateway]\nhost = "x"', 'gateway.host', /; serve takes it as --host$/],
    ['[auth]\nbind-address = ":9092"', 'auth.bind-address', /; known keys: .*\bmeta-addr\b/],
    ['[store]\nfile = "x"', 'store.file', /; known keys: type, path, url, /],
    ['[auth]\n__proto__ = 1', 'auth.__proto__', /; known keys: enabled, /],
    ['[auth]\nconstructor = 1', 'auth.constructor', /; known keys: enabled, /],
  ])('suggests nothing that is far off: %j', (text, key, problem) => {
    const path = folder.write('far.toml', text);
    expect(problemsOf({ configFile: path })).toEqual([
      { key, origin: `${path}:2`, problem: expect.stringMatching(problem) as unknown },
    ]);
  });
});
