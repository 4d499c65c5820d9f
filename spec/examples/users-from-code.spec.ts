import './surroundings.js';
import { moveTeam } from '../../fixtures/examples/users-from-code.js';

it('the example of users from code adds, changes, removes and lists them', async () => {
  await expect(moveTeam()).resolves.toEqual([
    { name: 'team-eve', type: 'normal', permissions: ['api', 'write_points'] },
    { name: 'team-joe', type: 'normal', permissions: [] },
  ]);
});
