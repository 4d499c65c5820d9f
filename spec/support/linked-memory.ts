import { setTimeout as delay } from 'node:timers/promises';
import type { Linked, UserChangeListener, UserStore } from 'kapacitor-auth/store-contract';
import { StoreUnavailableError } from '../../lib/errors.js';
import { MemoryUserStore } from '../../lib/stores/memory-store.js';

/** The faults of a store behind a link. */
export interface LinkDefects {
  /** The store believes for ever that it hears of everything. */
  readonly neverDoubts?: boolean;
  /** For how long it believes so without a proof, in milliseconds; 200 if left out. */
  readonly proof?: number;
  /** Tells nobody to forget what was found before the link was cut. */
  readonly tellsNothing?: boolean;
  /** Is fresh before it tells so. */
  readonly tellsLate?: boolean;
  /** Begins to listen only after it has looked and told. */
  readonly listensLate?: boolean;
  /** Answers that there is no user while it can't look. */
  readonly findsNobody?: boolean;
}

const HEARTBEAT = 20;

/** Users of several places. Those of one place are reached through any number of links. */
export class LinkedMemory {
  readonly #places = new Map<string, MemoryUserStore>();
  readonly #defects: LinkDefects;

  constructor(defects: LinkDefects = {}) {
    this.#defects = defects;
  }

  open(place: string): Linked {
    const data = this.#places.get(place) ?? new MemoryUserStore();
    this.#places.set(place, data);
    return link(data, this.#defects);
  }
}

function link(data: MemoryUserStore, defects: LinkDefects): Linked {
  const listeners = new Set<UserChangeListener>();
  let isCut = false;
  let listens = false;
  let freshUntil = 0;
  let heartbeat: NodeJS.Timeout | undefined;
  let unlisten: (() => void) | undefined;
  const tell: UserChangeListener = (name) => {
    for (const listener of listeners) listener(name);
  };
  const prove = (): void => {
    freshUntil = defects.neverDoubts ? Infinity : performance.now() + (defects.proof ?? 200);
  };
  const forget = (): void => {
    if (!defects.tellsNothing) tell();
  };
  const connect = async (): Promise<void> => {
    if (!defects.listensLate) listens = true;
    await delay(1);
    if (defects.tellsLate) {
      prove();
      await delay(1000);
    }
    forget();
    prove();
    if (defects.listensLate) await delay(100);
    listens = true;
  };
  const reach = <T>(ask: () => T): T => {
    if (isCut) throw new StoreUnavailableError('the link is cut');
    return ask();
  };
  const store: UserStore = {
    get freshUntil() {
      return freshUntil;
    },
    open: async () => {
      await data.open();
      unlisten ??= data.watch((name) => {
        if (listens && !isCut) tell(name);
      });
      heartbeat ??= setInterval(() => {
        if (listens && !isCut) prove();
      }, HEARTBEAT).unref();
      await connect();
    },
    close: () => {
      clearInterval(heartbeat);
      unlisten?.();
    },
    find: (name) => (isCut && defects.findsNobody ? undefined : reach(() => data.find(name))),
    list: (options) => reach(() => data.list(options)),
    create: (user, options) => reach(() => data.create(user, options)),
    update: (name, changes, options) => reach(() => data.update(name, changes, options)),
    delete: (name, options) => reach(() => data.delete(name, options)),
    replaceHash: (...change) => reach(() => data.replaceHash(...change)),
    watch: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    store,
    cut: () => {
      isCut = true;
      listens = false;
    },
    heal: async () => {
      isCut = false;
      await connect();
    },
  };
}
