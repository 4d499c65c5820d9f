import cluster from 'node:cluster';
import type { Logger } from 'pino';
import type { Config, KapacitorAuthOptions } from '../../index.js';
import { loadConfig, StoreUnavailableError } from '../../index.js';
import type { LostLines } from '../lost-lines.js';
import type { RunningServer } from '../start-server.js';
import { startServer } from '../start-server.js';
import { readAllMetrics, sumOf } from './all-metrics.js';
import { AnnouncingSource } from './announcing-source.js';
import { Line } from './line.js';
import { PrimaryAudit } from './primary-audit.js';
import { PrimaryCounter } from './primary-counter.js';
import { endingSessions } from './primary-log-outs.js';
import type { Entry, ToPrimary, ToWorker } from './questions.js';
import { readEntry, readToWorker } from './questions.js';
import type { WorkerPart } from './worker-part.js';

/** The log of a worker. */
export interface WorkerLog {
  /** Writes nothing below an error until the worker serves: the primary has said the rest. */
  readonly logger: Logger;
  readonly lostLines: LostLines;
  /** Writes everything from now on. */
  readonly begin: () => void;
}

/** Services of the command line for a worker. */
export interface WorkerSettings {
  readonly openLog: (level: string) => WorkerLog;
  readonly textOf: (error: unknown) => string;
}

/** Milliseconds for a change to be known to all, and for the metrics of all. */
const ANNOUNCE = 5_000;
const METRICS = 3_000;

/**
 * Serves as one of several workers until the primary stops it or is gone; then it finishes what
 * runs.
 */
export async function runWorker(settings: WorkerSettings): Promise<void> {
  const worker = new ServingWorker(settings);
  await worker.run();
}

class ServingWorker {
  readonly #settings: WorkerSettings;
  readonly #line: Line;
  readonly #sources = new Set<AnnouncingSource>();
  readonly #primaryLeft: Promise<void>;
  #server: RunningServer | undefined;
  #stopping: Promise<void> | undefined;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
    this.#primaryLeft = new Promise((resolve) => {
      cluster.worker?.once('disconnect', () => {
        // Otherwise Node would end this process here, in the midst of its requests.
        if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
        resolve();
      });
    });
    this.#line = new Line(process, (received) => this.#answer(readToWorker(received)));
  }

  async run(): Promise<void> {
    const entry = readEntry(await this.#ask({ kind: 'hello' }));
    const log = this.#settings.openLog(entry.logLevel);
    try {
      this.#server = await this.#start(entry, log);
      log.begin();
      await this.#notice({ kind: 'serving' });
      await this.#server.whole;
    } catch (error) {
      await this.#notice({ kind: 'failed', text: this.#settings.textOf(error) });
      await this.#stop();
      return;
    }
    await this.#notice({ kind: 'whole' });
    await this.#primaryLeft;
    await this.#stop();
  }

  #start(entry: Entry, { logger, lostLines }: WorkerLog): Promise<RunningServer> {
    const { host, port, settledPort } = entry;
    const options: KapacitorAuthOptions = { ...entry.options };
    return startServer({
      ...{ host, port, settledPort, logger, lostLines },
      options: { ...options, ...this.#shared(loadConfig({ ...options, logger })) },
      part: this.#part(entry, lostLines),
    });
  }

  /** The options by which all workers are as one. */
  #shared({ throttle }: Config): KapacitorAuthOptions {
    // A store that counts does so for the workers of all machines.
    const isCounted = throttle.store === 'store';
    return {
      wrapStore: (inner) => {
        const source = endingSessions(inner, this.#line);
        const announcing = new AnnouncingSource(source, (name) => this.#announce(name));
        this.#sources.add(announcing);
        return announcing.source;
      },
      ...(!isCounted && { throttleStore: (limit) => new PrimaryCounter(this.#line, limit) }),
    };
  }

  #part({ sessionKey }: Entry, lostLines: LostLines): WorkerPart {
    return {
      usersMayOpen: async (url) => {
        await this.#ask({ kind: 'listening', url });
      },
      auditLines: {
        write: (line) => {
          const notice: ToPrimary = { kind: 'audit', line };
          if (!this.#line.tell(notice, 2 * line.length)) lostLines.audit += 1;
        },
      },
      allMetrics: async () => {
        const all = readAllMetrics(await this.#ask({ kind: 'metrics' }, METRICS));
        return sumOf(all).metrics();
      },
      audit: new PrimaryAudit(this.#line),
      sessionKey,
    };
  }

  async #announce(name: string | undefined): Promise<void> {
    try {
      await this.#ask({ kind: 'changed', name }, ANNOUNCE);
    } catch (error) {
      throw new StoreUnavailableError(
        'the change was made, but it is not known that all workers have heard of it',
        { cause: error },
      );
    }
  }

  async #answer(question: ToWorker): Promise<unknown> {
    switch (question.kind) {
      case 'forget':
        for (const source of this.#sources) source.forget(question.name);
        return undefined;
      case 'metrics':
        return (await this.#server?.metrics().getMetricsAsJSON()) ?? [];
      case 'stop':
        return this.#stop();
    }
  }

  #stop(): Promise<void> {
    this.#stopping ??= this.#server?.stop() ?? Promise.resolve();
    return this.#stopping;
  }

  /** Tells the primary something, if it is still there. */
  async #notice(question: ToPrimary): Promise<void> {
    await this.#ask(question).catch(() => undefined);
  }

  #ask(question: ToPrimary, milliseconds?: number): Promise<unknown> {
    return this.#line.ask(question, milliseconds);
  }
}
