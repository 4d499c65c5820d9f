import { warnOfUntrustedProxy } from '../../../lib/authenticate/throttle/untrusted-proxy.js';
import { listeningLogger } from '../../support/listening-logger.js';

const PEER = '10.0.0.5';

describe('a proxy that nobody trusts', () => {
  it.each([
    ['is told of by its address', PEER, undefined, '203.0.113.7', PEER],
    ['is told of where Express does not believe it', PEER, PEER, '203.0.113.7', PEER],
    ['is told of behind a Unix socket', undefined, undefined, '203.0.113.7', 'a Unix socket'],
    ['is told of whose header is a list', PEER, undefined, ['1.1.1.1', '203.0.113.7'], PEER],
    ['is none where there is no header', PEER, PEER, undefined, undefined],
    ['is none where it is believed', PEER, '203.0.113.7', '203.0.113.7', undefined],
    ['is none that names itself', PEER, PEER, `203.0.113.7, ${PEER}`, undefined],
  ])('%s', (_what, remoteAddress, ip, forwarded, named) => {
    const logger = listeningLogger();
    const request = { ip, socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } };
    warnOfUntrustedProxy(request, logger);
    warnOfUntrustedProxy(request, logger);
    const start = `warn WRN_KAUTH_PROXY_NOT_TRUSTED: a request came with X-Forwarded-For from ${String(named)},`;
    expect(logger.lines).toEqual(named === undefined ? [] : [expect.stringContaining(start)]);
  });
});
