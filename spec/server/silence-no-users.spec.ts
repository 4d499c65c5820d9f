import { silenceNoUsers } from '../../lib/server/silence-no-users.js';
import { listeningLogger } from '../support/listening-logger.js';

describe('silenceNoUsers', () => {
  it('passes on everything but the advice to add the first user', () => {
    const told = listeningLogger();
    const logger = silenceNoUsers(told);
    logger.info('a');
    logger.warn('WRN_KAUTH_NO_USERS: there are no users yet');
    logger.warn('WRN_KAUTH_NO_CACHE: b');
    logger.error('c');
    expect(told.lines).toEqual(['info a', 'warn WRN_KAUTH_NO_CACHE: b', 'error c']);
  });
});
