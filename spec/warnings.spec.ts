import { warnOnce } from '../lib/warnings.js';
import { listeningLogger } from './support/listening-logger.js';

describe('a warning', () => {
  it('is told once a logger', () => {
    const [one, other] = [listeningLogger(), listeningLogger()];
    for (let time = 0; time < 3; time += 1)
      warnOnce('WRN_KAUTH_NO_CACHE', 'every login costs', one);
    warnOnce('WRN_KAUTH_NO_CACHE', 'every login costs', other);
    warnOnce('WRN_KAUTH_NO_USERS', 'add one', one);
    expect(one.lines).toEqual([
      'warn WRN_KAUTH_NO_CACHE: every login costs',
      'warn WRN_KAUTH_NO_USERS: add one',
    ]);
    expect(other.lines).toHaveLength(1);
  });

  it('is a warning of the process where there is no logger', () => {
    const emit = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    warnOnce('WRN_KAUTH_NO_USERS', 'add one');
    expect(emit.mock.calls).toEqual([
      [
        'add one',
        {
          type: 'KapacitorAuthWarning',
          code: 'WRN_KAUTH_NO_USERS',
          detail: expect.stringMatching(/troubleshooting\.md#wrn_kauth_no_users$/) as unknown,
        },
      ],
    ]);
    emit.mockRestore();
  });
});
