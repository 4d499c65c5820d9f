import cluster from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Config, KapacitorAuth } from '../../index.js';
import { hearEvents, RecentEvents } from '../../index.js';
import type { AuditLog } from '../audit-log.js';
import { startAuditLog } from '../audit-log.js';
import { createFirstAdmin, tellOfKeptPassword } from '../first-admin.js';
import { LostLines } from '../lost-lines.js';
import { placeOfPages, shownPages } from '../shown-pages.js';
import type { RunningServer, ServerSettings } from '../start-server.js';
import { openAuth } from '../start-server.js';
import { readTls } from '../tls.js';
import { AllMetrics } from './all-metrics.js';
import { isConfigurationChanged } from './changed-configuration.js';
import { Crew } from './crew.js';
import { keptInOneProcess } from './kept-in-one-process.js';
import { KeptLogOuts } from './kept-log-outs.js';
import type { MemberHooks } from './member.js';
import { Member } from './member.js';
import type { Entry, ToPrimary } from './questions.js';
import { SharedCounts } from './shared-counts.js';

/** Options of {@link startWorkers}. */
export interface WorkersSettings extends Omit<ServerSettings, 'part'> {
  /** The number of workers. */
  readonly workers: number;
  /** The program that a worker runs, and the words after its name. */
  readonly program: { readonly file: string; readonly words: readonly string[] };
  /** Writes whole lines to the log, and to standard error. */
  readonly write: (lines: string) => void;
  readonly writeError: (lines: string) => void;
}

/** A server of several workers that runs. */
export type RunningWorkers = Omit<RunningServer, 'metrics'>;

/**
 * Starts a server whose requests several processes answer, over one listening port. For clients it
 * is as a single process: a change that one worker acknowledged is in force in all of them, and
 * failed logins are counted once.
 *
 * @throws ConfigError; StoreUnavailableError; InvalidRequestError; Error if a worker can't start
 */
export async function startWorkers(settings: WorkersSettings): Promise<RunningWorkers> {
  const { options, logger, reword, tell } = settings;
  if (!cluster.isPrimary) throw new Error(NOT_PRIMARY);
  const lostLines = settings.lostLines ?? new LostLines();
  const { auth } = openAuth(options, logger, reword);
  try {
    checkForWorkers(auth.config);
    const audit = startAuditLog(auth, { logger, tell, lostLines });
    try {
      return await new Workers({ ...settings, lostLines }, audit).start(auth);
    } catch (error) {
      audit.close();
      throw error;
    }
  } catch (error) {
    await auth.close();
    throw error;
  }
}

const NOT_PRIMARY =
  '--workers can not be used by a process that is a worker of another cluster, such as of pm2: start it as a single process (pm2: fork mode)';

const CHANGED =
  'the configuration was changed since the start: a worker that starts now goes by the new one, the others by the old one; restart the server';

/** @throws ConfigError for users that only one process can have, and for unusable TLS files */
function checkForWorkers(config: Config): void {
  const refusal = keptInOneProcess(config);
  if (refusal !== undefined) throw refusal;
  readTls(config);
}

/** Cores are shared out: bcrypt of all workers together takes no more threads than there are. */
function threadsFor(workers: number): string {
  const share = Math.max(1, Math.floor(availableParallelism() / workers));
  const chosen = Number(process.env['UV_THREADPOOL_SIZE']);
  // One more, for files and names.
  return String(chosen > 1 ? Math.min(chosen, share + 1) : share + 1);
}

class Workers {
  readonly #settings: WorkersSettings & { readonly lostLines: LostLines };
  readonly #audit: AuditLog;
  readonly #counts = new SharedCounts();
  readonly #events = new RecentEvents();
  readonly #logOuts = new KeptLogOuts();
  readonly #sessionKey = randomBytes(32).toString('base64url');
  readonly #metrics: AllMetrics;
  readonly #crew: Crew;
  #settledPort: number | undefined;
  /** Set once all workers have read it. */
  #config: Config | undefined;

  constructor(settings: WorkersSettings & { readonly lostLines: LostLines }, audit: AuditLog) {
    this.#settings = settings;
    this.#audit = audit;
    this.#metrics = new AllMetrics(settings.lostLines);
    this.#crew = new Crew({
      count: settings.workers,
      logger: settings.logger,
      hire: (answer) => this.#hire(answer),
      answer: (question) => this.#answer(question),
      onEnd: (member) => {
        void this.#metrics.keep(member);
      },
    });
  }

  async start(auth: KapacitorAuth): Promise<RunningWorkers> {
    const { host, keepPassword } = this.#settings;
    const pages = shownPages(auth.config, host);
    const keep = keepPassword?.bind(undefined, auth.config);
    // The first administrator is made here.
    if (pages !== undefined)
      hearEvents(auth, (event) => {
        this.#events.add(event);
      });
    const endAll = (): void => {
      this.#crew.kill();
    };
    process.once('exit', endAll);
    try {
      const url = await this.#crew.start();
      if (this.#settings.port === 0) this.#settledPort = Number(new URL(url).port);
      // Workers listen before anybody touches the store: a server that can't listen must not
      // create an administrator whose password is then lost.
      await auth.ready();
      const firstAdmin = auth.users && (await createFirstAdmin(auth.users, { keep }));
      await this.#crew.open();
      this.#config = auth.config;
      // Nobody waits for this: it takes a run of bcrypt.
      if (firstAdmin === undefined) void this.#tellOfKeptPassword(auth);
      else await auth.close();
      return {
        url,
        pages: pages && placeOfPages(pages, url),
        config: auth.config,
        firstAdmin,
        whole: this.#crew.whole,
        reopenAuditLog: this.#audit.reopen,
        stop: async () => {
          await this.#crew.stop();
          process.off('exit', endAll);
          this.#audit.close();
        },
      };
    } catch (error) {
      // Those who wait for the start are answered.
      await this.#crew.stop();
      process.off('exit', endAll);
      throw error;
    }
  }

  async #tellOfKeptPassword(auth: KapacitorAuth): Promise<void> {
    const { logger } = this.#settings;
    try {
      if (auth.users !== undefined) await tellOfKeptPassword(auth.users, logger);
    } catch (error) {
      logger.warn({ err: error }, 'the first password can not be compared');
    }
    await auth.close().catch((error: unknown) => {
      logger.warn({ err: error }, 'the users can not be closed');
    });
  }

  #hire(answer: MemberHooks['answer']): Member {
    const { workers, program, write, writeError, lostLines, logger, options } = this.#settings;
    if (this.#config !== undefined && isConfigurationChanged(this.#config, options))
      logger.warn(CHANGED);
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({
      exec: program.file,
      args: [...program.words],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const worker = cluster.fork({ UV_THREADPOOL_SIZE: threadsFor(workers) });
    const lost = (): void => {
      lostLines.server += 1;
    };
    return new Member(worker, { answer, write, writeError, lost });
  }

  #answer(question: ToPrimary): unknown {
    if (question.kind === 'hello') return this.#entry();
    if (question.kind === 'count') return this.#counts.count(question);
    if (question.kind === 'metrics') return this.#metrics.collect(this.#crew.members);
    if (question.kind === 'audit') this.#audit.append(question.line);
    if (question.kind === 'heard') this.#events.add(question.event);
    if (question.kind === 'recent') return this.#events.recent(question.query);
    if (question.kind === 'log-out') return this.#logOuts.end(question.id, question.until);
    if (question.kind === 'logged-out') return this.#logOuts.has(question.id);
    return undefined;
  }

  #entry(): Entry {
    const { host, port, logger, options } = this.#settings;
    return {
      ...{ host, port, settledPort: this.#settledPort },
      logLevel: logger.level,
      sessionKey: this.#sessionKey,
      options: { ...options },
    };
  }
}
