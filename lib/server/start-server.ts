import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { GatewayAuth } from '../for-server.js';
import { gatewayAuth } from '../for-server.js';
import type { AuditTrail, Config, KapacitorAuth, KapacitorAuthOptions } from '../index.js';
import { hearEvents, RecentEvents } from '../index.js';
import { answerAndNote, logUnreadable } from './access-log.js';
import { createApp } from './app.js';
import type { AuditLog } from './audit-log.js';
import { startAuditLog } from './audit-log.js';
import { allowingOrigins } from './cross-origin.js';
import type { FirstAdmin, KeptPassword } from './first-admin.js';
import { createFirstAdmin, tellOfKeptPassword } from './first-admin.js';
import { gateway } from './gateway/gateway.js';
import type * as GatewayUpstream from './gateway/upstream.js';
import type { ListenAddress, Listening, Timeouts } from './listen.js';
import { listen } from './listen.js';
import type { Soon } from './loading.js';
import { loading, soon } from './loading.js';
import { LostLines, registerLostLines } from './lost-lines.js';
import { readingTargets } from './request-target.js';
import { asServed, reportsUnguarded, switchedOffElsewhere } from './said-here.js';
import type { PagesPlace, ShownPages } from './shown-pages.js';
import { isBelowPages, placeOfPages, shownPages } from './shown-pages.js';
import { StartGate } from './start-gate.js';
import type { StartLogger } from './start-logger.js';
import { startLogger } from './start-logger.js';
import { readTls, watchTls } from './tls.js';
import { trustingProxies } from './trusting-proxies.js';
import type { WorkerPart } from './workers/worker-part.js';

/** Slow to load, and of no use without an upstream. */
declare function require(id: './gateway/upstream.js'): typeof GatewayUpstream;

/** Options of {@link startServer}. */
export interface ServerSettings extends ListenAddress {
  /** Options of `kapacitorAuth`, on top of the environment and kapacitor.conf. */
  readonly options: KapacitorAuthOptions;
  readonly logger: Logger;
  /** Tells the operator of a log that can't be written. If left out, only the logger does. */
  readonly tell?: ((problem: string) => void) | undefined;
  /** Rewords warnings of the configuration; if left out, they stay as they are. */
  readonly reword?: ((warning: string) => string) | undefined;
  /** Counts log lines that could not be written. */
  readonly lostLines?: LostLines | undefined;
  /** Keeps the first administrator's password before there is one. */
  readonly keepPassword?: ((config: Config, password: string) => Promise<KeptPassword>) | undefined;
  /** The part of this process among several workers; if left out, it serves alone. */
  readonly part?: WorkerPart | undefined;
}

export interface RunningServer {
  /** The URL for clients on this machine. */
  readonly url: string;
  /** The place of the pages to manage users, if they are shown. */
  readonly pages: PagesPlace | undefined;
  readonly config: Config;
  /** The administrator that was created, if there was no user. */
  readonly firstAdmin: FirstAdmin | undefined;
  /**
   * Resolves once all is loaded that answers requests: the first are answered before. Rejects if it
   * can't be loaded; the server is of no use then.
   */
  readonly whole: Promise<unknown>;
  /** Continues the audit log in a new file after the old one was moved away. */
  readonly reopenAuditLog: () => void;
  /** The metrics of this process. */
  readonly metrics: () => Registry;
  /** Finishes running requests and releases everything. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the server that `kapacitor-auth serve` runs.
 *
 * @throws ConfigError; StoreUnavailableError; InvalidRequestError; Error if the address can't be
 * used
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { options, logger, tell, lostLines = new LostLines() } = settings;
  const opened = openAuth(options, logger, settings.reword);
  const { auth } = opened;
  try {
    return await startAudited(
      opened,
      { ...settings, lostLines },
      startAuditLog(auth, { logger, tell, lostLines, lines: settings.part?.auditLines }),
    );
  } catch (error) {
    await auth.close();
    throw error;
  }
}

/**
 * Reads the configuration, and tells what an operator should know of it.
 *
 * @throws ConfigError, also if only a file switches authentication off
 */
export function openAuth(
  options: KapacitorAuthOptions,
  logger: Logger,
  reword: ServerSettings['reword'] = (warning) => warning,
): GatewayAuth {
  const told = startLogger(logger, reword);
  const opened = authFor(options, told.logger);
  const { auth } = opened;
  const refusal = switchedOffElsewhere(auth.config) ?? reportsUnguarded(auth.config);
  if (refusal !== undefined) throw refusal;
  told.release();
  return opened;
}

function authFor(options: KapacitorAuthOptions, logger: StartLogger['logger']): GatewayAuth {
  try {
    return gatewayAuth({ ...options, logger, onError: answerAndNote });
  } catch (error) {
    throw asServed(error);
  }
}

async function startAudited(
  opened: GatewayAuth,
  settings: CountingSettings,
  audit: AuditLog,
): Promise<RunningServer> {
  const { auth } = opened;
  try {
    // Listens before it touches the store: a server that can't listen must not create an
    // administrator whose password is then lost.
    const running = await openUsers(auth, await serve(opened, settings), settings);
    return {
      ...running,
      reopenAuditLog: audit.reopen,
      metrics: () => {
        registerLostLines(auth.metrics, settings.lostLines);
        return auth.metrics;
      },
      stop: async () => {
        await running.stop();
        audit.close();
      },
    };
  } catch (error) {
    audit.close();
    throw error;
  }
}

type CountingSettings = ServerSettings & { readonly lostLines: LostLines };

type Served = Pick<Listening, 'url' | 'stop'> & {
  readonly pages: ShownPages | undefined;
  /** Begins to answer. The promise is {@link RunningServer.whole}. */
  readonly open: () => Promise<void>;
};

function upstreamOf(config: Config): GatewayUpstream.Upstream | undefined {
  if (config.gateway.upstream === '') return undefined;
  const { Upstream } = loading(() => require('./gateway/upstream.js'));
  return new Upstream(config);
}

function timeoutsOf({ gateway: { keepAliveTimeout, requestTimeout } }: Config): Timeouts {
  return { keepAlive: keepAliveTimeout, request: requestTimeout };
}

/** Listens as the app alone, or as a gateway with the app beside it. */
async function serve(
  { auth, judge }: GatewayAuth,
  { host, port, settledPort, logger, lostLines, part }: CountingSettings,
): Promise<Served> {
  const { config } = auth;
  const tls = readTls(config);
  const pages = shownPages(config, host);
  const audit = pages && trailOf(auth, part);
  const { allMetrics, sessionKey } = part ?? {};
  const app = createApp(auth, { logger, lostLines, allMetrics, pages, audit, sessionKey });
  const upstream = upstreamOf(config);
  const handler =
    upstream === undefined
      ? app.listener
      : gateway({ auth, judge, upstream, own: app.listener, pages: pages?.basePath, logger });
  const gate = new StartGate(handler, auth, logger);
  const shared = allowingOrigins(config.cors.origins, gate.listener, logger, {
    except: pages && isBelowPages(pages),
  });
  const seeing = trustingProxies(config.gateway.trustedProxies, shared);
  const { url, stop, useTls } = await listen(readingTargets(seeing), {
    host,
    port,
    settledPort,
    tls,
    timeouts: timeoutsOf(config),
    unreadable: logUnreadable(logger),
  });
  let preparing: Soon | undefined;
  const stopWatching = tls && watchTls(config, logger, useTls);
  return {
    url,
    pages,
    open: () => {
      gate.open();
      // After those who waited, and before the first who needs it.
      preparing = soon(app.prepare);
      return preparing.done;
    },
    stop: async (deadline) => {
      // Unless they were let through.
      gate.refuse();
      preparing?.callOff();
      await stop(deadline);
      stopWatching?.();
      await upstream?.close();
    },
  };
}

/** Keeps refusals and changes for the pages: in the primary if there are several workers. */
function trailOf(auth: KapacitorAuth, part: WorkerPart | undefined): AuditTrail {
  const trail = part?.audit ?? new RecentEvents();
  hearEvents(auth, (event) => {
    trail.add(event);
  });
  return trail;
}

async function openUsers(
  auth: KapacitorAuth,
  served: Served,
  settings: ServerSettings,
): Promise<Omit<RunningServer, 'reopenAuditLog' | 'metrics'>> {
  try {
    const { part } = settings;
    await part?.usersMayOpen(served.url);
    await auth.ready();
    const firstAdmin = part === undefined ? await makeFirstAdmin(auth, settings) : undefined;
    const whole = served.open();
    return {
      url: served.url,
      pages: served.pages && placeOfPages(served.pages, served.url),
      config: auth.config,
      firstAdmin,
      whole,
      stop: async () => {
        await served.stop();
        await auth.close();
      },
    };
  } catch (error) {
    await served.stop();
    throw error;
  }
}

/** Creates the first administrator if there is no user, and tells of a password that stays. */
async function makeFirstAdmin(
  { users, config }: KapacitorAuth,
  { logger, keepPassword }: Pick<ServerSettings, 'logger' | 'keepPassword'>,
): Promise<FirstAdmin | undefined> {
  if (users === undefined) return undefined;
  const keep = keepPassword?.bind(undefined, config);
  const firstAdmin = await createFirstAdmin(users, { keep });
  if (firstAdmin !== undefined) return firstAdmin;
  // Nobody waits for this: it takes a run of bcrypt.
  tellOfKeptPassword(users, logger).catch((error: unknown) => {
    logger.warn({ err: error }, 'the first password can not be compared');
  });
  return undefined;
}
