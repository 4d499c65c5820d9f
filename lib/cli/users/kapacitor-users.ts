import type { KapacitorDbContent } from '../../index.js';
import { planImport } from '../../index.js';
import { printableName } from '../printable.js';
import type { Brought } from './file-users.js';

/** Brings the users and the subscriptions of a Kapacitor. */
export function kapacitorUsers(content: KapacitorDbContent): Brought {
  return {
    kind: 'kapacitor',
    usersFor: (cost) => {
      const created = new Date().toISOString();
      const { users, subscriptions, renewed, leftOut } = planImport(content, { cost, created });
      return {
        users: users.map((user) => ({ place: `user ${user.name}`, ...user })),
        leftOut: leftOut.map((left) => ({ place: placeOf(left), ...left })),
        kapacitor: { subscriptions, renewed },
      };
    },
  };
}

function placeOf({ kind, name }: KapacitorDbContent['leftOut'][number]): string {
  return `${kind === 'subscription' ? 'subscription' : 'user'} ${printableName(name)}`;
}
