import { judgeApiRequest } from '../../lib/privileges/judge.js';
import type { Permission } from '../../lib/privileges/permission.js';
import type { KapacitorUser } from '../../lib/privileges/user.js';
import { resolveUser } from '../../lib/privileges/user.js';

type Row = readonly [target: string, allowed: string];

/** Methods by letter: GET, POST, PATCH, DELETE, another. */
const METHODS = { G: 'GET', P: 'POST', C: 'PATCH', D: 'DELETE', O: 'PURGE' } as const;

const ALL = 'GPCDO';

/** The rights of each user: the letters of the methods that are allowed on a target. */
const CASES: readonly (readonly [
  what: string,
  permissions: readonly Permission[],
  grants: readonly string[],
  rows: readonly Row[],
])[] = [
  [
    'who may write one database',
    [],
    ['write:database/telegraf'],
    [
      ['/write?db=telegraf', 'PC'],
      ['/kapacitor/v1/write?db=telegraf&rp=autogen', 'PC'],
      ['/WRITE?db=telegraf', ''],
      ['/write?db=Telegraf', ''],
      ['/write?db=telegraf2', ''],
      ['/write?db=other', ''],
      ['/ping', ALL],
      ['/tasks', ''],
    ],
  ],
  [
    'who may write one retention policy',
    [],
    ['write:database/telegraf/autogen'],
    [
      ['/write?db=telegraf&rp=autogen', 'PC'],
      ['/write?db=telegraf&rp=Autogen', ''],
      ['/write?db=telegraf', ''],
    ],
  ],
  [
    'who may read one database',
    [],
    ['read:database/telegraf'],
    [
      ['/ping', ALL],
      ['/write?db=telegraf', ''],
    ],
  ],
  [
    'who may edit two tasks and see all',
    [],
    ['read:tasks', 'all:tasks/team-a.cpu', 'all:tasks/team-a.mem'],
    [
      ['/tasks', 'G'],
      ['/kapacitor/v1/tasks/other', 'G'],
      ['/kapacitor/v1/tasks/team-a.cpu', ALL],
      ['/kapacitor/v1preview/tasks/team-a.mem', ALL],
      ['/tasks/team-a.cpu2', 'G'],
      ['/tasks/TEAM-A.CPU', 'G'],
      ['/config', ''],
    ],
  ],
  [
    'who may edit all tasks of a name',
    [],
    ['read:tasks', 'all:tasks/team-a.*', 'read:tasks/team-a.x*', 'none:tasks/team-a.secret'],
    [
      ['/tasks', 'G'],
      ['/tasks/team-a.', ALL],
      ['/tasks/team-a.cpu', ALL],
      ['/tasks/team-a.cpu/below', ALL],
      ['/tasks/team-a.xyz', 'G'],
      ['/tasks/team-a.secret', ''],
      ['/tasks/team-a.SECRET', ''],
      ['/tasks/team-a.secret2', ALL],
      ['/tasks/team-b.cpu', 'G'],
      ['/tasks/Team-a.cpu', 'G'],
      ['/tasks/team-a.*', ALL],
    ],
  ],
  [
    'who may do all but one task',
    ['api'],
    ['none:tasks/billing'],
    [
      ['/tasks', ALL],
      ['/tasks/cpu', ALL],
      ['/tasks/billing', ''],
      ['/tasks/BILLING', ''],
      ['/Tasks/billing', ''],
      ['/tasks/billing2', ALL],
      ['/config', ''],
    ],
  ],
  [
    'who may read one section of the configuration',
    ['api'],
    ['read:config/influxdb'],
    [
      ['/config', ''],
      ['/config/influxdb', 'G'],
      ['/config/influxdb/default', 'G'],
      ['/CONFIG/influxdb', 'G'],
      ['/CONFIG/smtp', ''],
      ['/config/smtp', ''],
      ['/tasks', ALL],
    ],
  ],
  [
    'whose grant takes the place of what a permission says',
    ['api', 'write_points'],
    ['read:config', 'none:database', 'read:ping'],
    [
      ['/config', 'G'],
      ['/ping', 'G'],
      ['/write?db=x', ''],
    ],
  ],
  [
    'whose grants on a database add to those on the endpoints',
    [],
    ['none:write', 'read:ping', 'write:database/x'],
    [
      ['/ping', ALL],
      ['/write?db=x', 'PC'],
    ],
  ],
  [
    'who may read everything, and keeps all else on writing',
    [],
    ['all:*', 'write:database/x'],
    [
      ['/tasks', ALL],
      ['/config', ALL],
      ['/write?db=x', 'GPCDO'],
      ['/write?db=y', 'GDO'],
      ['/storage', ''],
      ['/storage/stores', ''],
    ],
  ],
  [
    'who may write databases whose names begin alike',
    [],
    ['write:database/team a*', 'none:database/team a2'],
    [
      ['/write?db=team%20a', 'PC'],
      ['/write?db=team+a%2F1', 'PC'],
      ['/write?db=team%20a2', ''],
      ['/write?db=team%20b', ''],
      ['/write?db=team%20a*', 'PC'],
    ],
  ],
  [
    'who may write a database with a star in its name, which is no prefix',
    [],
    ['write:database/a%2A'],
    [
      ['/write?db=a*', 'PC'],
      ['/write?db=ab', ''],
      ['/write?db=a', ''],
    ],
  ],
];

describe('a user with grants', () => {
  describe.each(CASES)('%s', (_what, permissions, grants, rows) => {
    const user = resolveUser({ name: 'amy', type: 'normal', permissions, grants }, 'local');

    it.each(rows)('may on %s: %s', (target, allowed) => {
      const letters = Object.entries(METHODS)
        .filter(([, method]) => isAllowed(user, method, target))
        .map(([letter]) => letter);
      const expected = target.includes('write') ? allowed.replace(/[GDO]/g, '') : allowed;
      const judged = target.includes('write') ? letters.filter((l) => 'PC'.includes(l)) : letters;
      expect(judged.join('')).toBe(expected);
    });
  });

  it('shows them and what follows from them; one without any is as ever', () => {
    const grants = ['write:database/telegraf', 'read:tasks'];
    const user = resolveUser({ name: 'amy', type: 'normal', permissions: [], grants }, 'local');
    expect(user.grants).toEqual(grants);
    expect(JSON.parse(JSON.stringify(user))).toEqual({
      name: 'amy',
      type: 'normal',
      permissions: [],
      privileges: {
        '/database/telegraf': ['write'],
        '/api/tasks': ['read'],
        '/api/ping': ['all'],
        '/api/write': ['write'],
      },
      source: 'local',
      grants,
    });
    const none = resolveUser({ name: 'amy', type: 'normal', permissions: [] }, 'local');
    expect(none.grants).toEqual([]);
    expect(Object.keys(JSON.parse(JSON.stringify(none)) as object)).not.toContain('grants');
  });

  it('has no grants as an administrator, nor beside privileges that its source gives', () => {
    const grants = ['none:tasks'];
    const root = resolveUser({ name: 'root', type: 'admin', permissions: [], grants }, 'local');
    expect([root.grants, root.can('all', '/api/tasks')]).toEqual([[], true]);
    const privileges = { '/api/*': ['all'] } as const;
    const own = resolveUser(
      { name: 'own', type: 'normal', permissions: [], grants: ['read:*'], privileges },
      'local',
    );
    expect([own.grants, own.can('read', '/api/tasks')]).toEqual([[], false]);
  });

  it('is refused a retention policy by its name', () => {
    const grants = ['write:database/telegraf/autogen'];
    const user = resolveUser({ name: 'amy', type: 'normal', permissions: [], grants }, 'local');
    expect(() => judgeApiRequest(user, 'POST', '/write?db=telegraf&rp=raw')).toThrow(
      'user amy does not have "write" privilege for database "telegraf", retention policy "raw"',
    );
  });
});

function isAllowed(user: KapacitorUser, method: string, target: string): boolean {
  try {
    judgeApiRequest(user, method, target);
    return true;
  } catch {
    return false;
  }
}
