import { setTimeout as delay } from 'node:timers/promises';
import type { KapacitorAuth, KapacitorAuthOptions, Users } from '../../lib/index.js';
import { kapacitorAuth } from '../../lib/index.js';
import { silentLogger } from '../../lib/logger.js';
import { PostgresUserStore } from '../../lib/stores/postgres-store.js';
import { until } from '../stores/postgres/stores.js';
import { basic } from '../support/open-auth.js';
import { Wire } from '../support/postgres-wire.js';

/**
 * Milliseconds from the acknowledgement of a change, from which on nobody may be judged by the old state: if all is well, and in
 * any failure.
 */
export const HEALTHY = 100;
export const ANY_FAILURE = 1_500;

/** A question of a client, and what came of it. */
export interface Asked {
  readonly name: string;
  readonly password: string;
  /** In milliseconds of `performance.now()`. */
  readonly began: number;
  readonly ended: number;
  readonly status: number;
}

/** The whole middleware of a process, with its wire to the database. */
export class Instance {
  readonly auth: KapacitorAuth;
  readonly store: PostgresUserStore;
  readonly wire: Wire;
  readonly asked: Asked[] = [];

  constructor(url: string, wire: Wire, options: KapacitorAuthOptions = {}) {
    this.wire = wire;
    this.store = new PostgresUserStore({ url });
    this.auth = kapacitorAuth({
      configFile: false,
      logger: silentLogger,
      http: { authEnabled: true },
      auth: { enabled: true, bcryptCost: 4 },
      throttle: { enabled: false },
      store: this.store,
      ...options,
    });
  }

  /** Adds an admin. */
  async create(name: string, password: string): Promise<void> {
    await this.#users.create({ name, password, type: 'admin' });
  }

  /** Adds an admin, or gives one that there is another password. */
  async setOrCreate(name: string, password: string): Promise<void> {
    if ((await this.#users.get(name)) === undefined) await this.create(name, password);
    else await this.setPassword(name, password);
  }

  /** Gives somebody another password, and tells when that was acknowledged. */
  async setPassword(name: string, password: string): Promise<number> {
    await this.#users.update(name, { password });
    return performance.now();
  }

  /** Does so again and again until it is acknowledged. */
  async setPasswordAtLast(name: string, password: string): Promise<number> {
    let acknowledged: number | undefined;
    await until('the change is made', async () => {
      acknowledged = await this.setPassword(name, password).catch(() => undefined);
      return acknowledged !== undefined;
    });
    return acknowledged ?? NaN;
  }

  /** Asks who somebody is, and gives the status that a client would see. */
  async ask(name: string, password: string): Promise<number> {
    const began = performance.now();
    const status = await this.#statusOf(name, password);
    this.asked.push({ name, password, began, ended: performance.now(), status });
    return status;
  }

  /** Asks again and again, without waiting for answers, until something is enough; then waits for them. */
  async askUntil(name: string, password: string, isEnough: () => boolean): Promise<void> {
    const asking: Promise<number>[] = [];
    do {
      asking.push(this.ask(name, password));
      await delay(20);
    } while (!isEnough());
    await Promise.all(asking);
  }

  /** Whoever was let in with a password by a request that began at this time or later. */
  letIn(password: string, since: number): readonly Asked[] {
    return this.asked.filter(
      (each) => each.password === password && each.status === 200 && each.began >= since,
    );
  }

  get #users(): Users {
    const { users } = this.auth;
    if (users === undefined) throw new Error('users can not be managed');
    return users;
  }

  async #statusOf(name: string, password: string): Promise<number> {
    try {
      await this.auth.authenticate({ headers: { authorization: basic(name, password) } });
      return 200;
    } catch (error) {
      const status: unknown = error instanceof Error ? Reflect.get(error, 'status') : undefined;
      if (typeof status === 'number') return status;
      throw error;
    }
  }
}

/** Opens instances, each behind a wire of its own, and closes them after each test, or after all. */
export function openInstances(after: typeof afterEach = afterEach) {
  const opened: Instance[] = [];
  after(async () => {
    await Promise.all(
      opened.splice(0).map(async ({ auth, wire }) => {
        await auth.close();
        await wire.close();
      }),
    );
  });
  const open = async (url: string, options?: KapacitorAuthOptions): Promise<Instance> => {
    // Of several servers, the first one is reached over the wire.
    const [primary = '', ...others] = url.split(',');
    const wire = await Wire.to(Number(new URL(primary).port));
    const urls = [throughPort(primary, wire.port), ...others].join(',');
    const instance = new Instance(urls, wire, options);
    opened.push(instance);
    await instance.auth.ready();
    return instance;
  };
  const openThree = async (url: string, options?: KapacitorAuthOptions): Promise<Three> => [
    await open(url, options),
    await open(url, options),
    await open(url, options),
  ];
  return { open, openThree };
}

/** Waits until an instance lets somebody in. */
export async function untilLetIn(
  instance: Instance,
  name: string,
  password: string,
): Promise<void> {
  await until(`${name} is let in`, async () => (await instance.ask(name, password)) === 200);
}

/** Three instances that look at the same users. */
export type Three = readonly [Instance, Instance, Instance];

/** A URL of the same database on another port. */
export function throughPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
