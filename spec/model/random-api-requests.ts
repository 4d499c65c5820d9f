import type { Permission } from '../../lib/index.js';
import type { UserDescription } from '../../lib/privileges/user.js';

/** A number below another, as `randomNumbers` makes them. */
type Random = (below: number) => number;

/** A request, and who makes it. */
export interface RandomRequest {
  readonly user: UserDescription;
  readonly method: string;
  readonly target: string;
}

const PERMISSIONS: readonly Permission[] = ['none', 'api', 'config_api', 'write_points', 'all'];
const METHODS = [
  'GET',
  'GET',
  'HEAD',
  'POST',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'PURGE',
];
const RARE_METHODS = ['get', 'post', 'TRACE', 'CONNECT', 'PROPFIND', 'M-SEARCH', 'constructor'];
const NAMES = [
  ...['tasks', 'config', 'write', 'ping', 'storage', 'stor', 'alerts', 'topics', 'backup'],
  ...['a', 'b', 'ab', 'a.b', 'team-a.cpu', 'team-b', 'é', 'api', 'database', 'kapacitor', 'v1'],
  ...['constructor', '__proto__', '~x', "it's", 'a b', 'a+b', '%2e'],
];
/** No grant can name these. */
const OTHER_NAMES = ['1*', '*', ' a', 'a '];
const DATABASES = ['db', 'DB', 'd', 'telegraf', 'd*', 'd%', 'd/b', 'd+b', 'é', ' ', 'my_db'];
const POLICIES = ['autogen', 'a', 'rp', 'a/b', '*'];
const PREFIXES = [
  ...['', '', '/kapacitor/v1', '/kapacitor/v1', '/kapacitor/v1', '/kapacitor/v1preview'],
  ...['/KAPACITOR/V1', '/Kapacitor/V1Preview', '/kapacitor/v1/kapacitor/v1', '/kapacitor', '/v1'],
  ...['/kapacitor/v1x', '/kapacitor/v1previewx', '/%6bapacitor/v1', '/kapacitor/%76%31', '/api'],
];
const ODD_PARTS = [
  ...['.', '..', '...', '%2e', '%2E%2e', '.%2e', '%2f', 'a%2Fb', '%5c', '\\', '%', '%zz', '%c3'],
  ...['%ff', '%00', '%0a', '', ';x', 'a;b=c', '%3b', '%3f', '%23', '#', ' ', 'é', '%C3%A9', '"'],
  ...['%252e%252e', '%252f', 'a|b', '[x]', '{id}', '^', '`', '<', 'http:', '@', ':', '\u0000'],
];
const ODD_PARAMETERS = [
  ...[
    'db',
    'db=',
    '=db',
    'DB=d',
    'Db=telegraf',
    'db[]=d',
    'db[x]=d',
    '[db]=d',
    'rp[]=a',
    'rpx=a',
    'db.x=d',
    '%64b=telegraf',
    'd%62=d',
  ],
  ...['db=%ff', 'db=%', '%ff=d', '%zz', 'x=%ff', 'db=a;rp=b', ';', 'rp=', 'rp=%c3', ' db=d', ''],
  ...['u=a', 'p=b', 'precision=ns', 'db=d=b', 'db=%00', '#db=d', '?db=d', 'db=+', 'db=%2B', '+=a'],
];

const randomCase = (text: string, random: Random): string =>
  [...text].map((c) => (random(2) === 0 ? c.toUpperCase() : c.toLowerCase())).join('');

/** Some letters of a part as escapes that nobody needs. */
const needlessEscapes = (text: string, random: Random): string =>
  text.replace(/[A-Za-z]/g, (c) =>
    random(3) === 0 ? `%${(c.codePointAt(0) ?? 0).toString(16)}` : c,
  );

/** Generates requests: of all rules, as people write them and as nobody would. */
export class RandomApiRequests {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): RandomRequest {
    const isRare = this.#random(20) === 0;
    const method = this.#of(isRare ? RARE_METHODS : METHODS);
    if (this.#random(4) === 0) return this.#write();
    return { user: this.#user(), method, target: this.#target() };
  }

  /** Requests of most of InfluxDB's clients, by somebody who may write somewhere. */
  #write(): RandomRequest {
    const { grants = [], ...user } = this.#user();
    const place = `write:${this.#database()}`;
    const target = `${this.#of(['/write', '/kapacitor/v1/write'])}${this.#query()}`;
    return { user: { ...user, grants: [...grants, place] }, method: 'POST', target };
  }

  #of<T>(values: readonly T[]): T {
    const value = values[this.#random(values.length)];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  }

  #some<T>(most: number, make: () => T): readonly T[] {
    return Array.from({ length: this.#random(most + 1) }, make);
  }

  #user(): UserDescription {
    if (this.#random(20) === 0) return { name: 'root', type: 'admin', permissions: [] };
    const set = this.#random(2 ** PERMISSIONS.length);
    const permissions = PERMISSIONS.filter((_, index) => (set & (1 << index)) !== 0);
    const grants = this.#random(3) === 0 ? [] : this.#some(6, () => this.#grant());
    return { name: 'amy', type: 'normal', permissions, grants };
  }

  #grant(): string {
    const few = this.#of(['read', 'write', 'delete', 'read,write', 'delete,read', 'write,delete']);
    const verbs = this.#of(['none', 'all', few, few, 'delete,write,read']);
    return `${verbs}:${this.#random(2) === 0 ? this.#endpoint() : this.#database()}`;
  }

  #endpoint(): string {
    if (this.#random(20) === 0) return '*';
    const names = [this.#name(), ...this.#some(2, () => this.#name())];
    const [first = '', ...rest] = names.map(encodePlace);
    const isOther = /^(api|database|kapacitor|storage)$/i.test(first);
    const place = [isOther ? 'tasks' : first, ...rest].join('/');
    return place + this.#of(['', '', '', '*', '/*']);
  }

  #database(): string {
    const names = [this.#of(DATABASES), this.#of(POLICIES)].slice(0, this.#random(3));
    const place = ['database', ...names.map(encodePlace)].join('/');
    if (names.length === 0) return place + this.#of(['', '/*']);
    return place + this.#of(['', '', '*', ...(names.length === 1 ? ['/*'] : [])]);
  }

  #anyName(): string {
    return this.#random(40) === 0 ? this.#of(OTHER_NAMES) : this.#name();
  }

  #name(): string {
    const name = this.#of(NAMES);
    return this.#random(6) === 0 ? randomCase(name, this.#random) : name;
  }

  #target(): string {
    const isWrite = this.#random(4) === 0;
    const names = isWrite ? ['write'] : this.#some(4, () => this.#anyName());
    const parts = names.map((name) => this.#part(name));
    if (this.#random(8) === 0) parts.splice(this.#random(parts.length + 1), 0, this.#of(ODD_PARTS));
    const path = this.#of(PREFIXES) + parts.map((part) => `/${part}`).join('');
    const end = this.#of(['', '', '', '', '', '', '', '/', '//', '/.']);
    const isQueried = isWrite || this.#random(4) === 0;
    return (path + end || '/') + (isQueried ? this.#query() : '');
  }

  #part(name: string): string {
    const text = this.#random(12) === 0 ? randomCase(name, this.#random) : name;
    if (this.#random(12) === 0 && !text.includes('%')) {
      return needlessEscapes(encodeURI(text), this.#random);
    }
    return encodeURIComponent(text);
  }

  #query(): string {
    const encode = this.#random(3) === 0 ? (text: string) => text : encodeURIComponent;
    const parameters = [`db=${encode(this.#of([...DATABASES, '..', '']))}`];
    if (this.#random(2) === 0) parameters.push(`rp=${encode(this.#of(POLICIES))}`);
    if (this.#random(3) === 0) {
      parameters.splice(
        this.#random(parameters.length + 1),
        this.#random(2),
        this.#of(ODD_PARAMETERS),
      );
    }
    return `?${parameters.join('&')}`;
  }
}

/** A name as grants hold it. */
const encodePlace = (name: string): string => encodeURIComponent(name).replaceAll('*', '%2A');
