import { VERSION } from '../../lib/server/version.js';

describe('main', () => {
  const { argv, exitCode } = process;

  afterEach(() => {
    process.argv = argv;
    process.exitCode = exitCode;
    for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
    jest.restoreAllMocks();
  });

  async function main(...words: readonly string[]): Promise<void> {
    process.argv = ['node', 'kapacitor-auth', ...words];
    jest.isolateModules(() => {
      jest.requireActual('../../lib/cli/main.js');
    });
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  }

  it.each([
    ['--version', 0],
    ['--nothing', 2],
  ])('runs the command line of the process: %s', async (word, status) => {
    const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    await main(word);
    expect(process.exitCode).toBe(status);
    if (status === 0) expect(write).toHaveBeenCalledWith(`${VERSION}\n`);
  });
});
