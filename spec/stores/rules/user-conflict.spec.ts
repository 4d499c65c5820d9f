import { lastAdmin, userExists } from '../../../lib/stores/rules/user-conflict.js';

it('says which user is in the way', () => {
  expect(userExists('amy')).toMatchObject({
    code: 'ERR_KAUTH_USER_EXISTS',
    status: 409,
    message: 'user "amy" already exists',
  });
  expect(lastAdmin('root')).toMatchObject({
    code: 'ERR_KAUTH_LAST_ADMIN',
    status: 409,
    message: '"root" is the last admin: make another user an admin first',
  });
});
