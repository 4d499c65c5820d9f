import type { Logger } from 'pino';
import { kapacitorAuth } from '../index.js';
import type { Config, KapacitorAuth, KapacitorAuthOptions } from '../index.js';
import { answerAndNote } from './access-log.js';
import { createApp } from './app.js';
import { createFirstAdmin } from './first-admin.js';
import type { FirstAdmin } from './first-admin.js';
import { listen } from './listen.js';
import type { ListenAddress, Listening } from './listen.js';
import { silenceNoUsers } from './silence-no-users.js';

/** What a server is started with. */
export interface ServerSettings extends ListenAddress {
  /** Options of `kapacitorAuth`, beside what the environment and kapacitor.conf say. */
  readonly options: KapacitorAuthOptions;
  readonly logger: Logger;
}

/** A server that runs. */
export interface RunningServer {
  /** Where clients on this machine reach it. */
  readonly url: string;
  readonly config: Config;
  /** The administrator that was made because there was no user. */
  readonly firstAdmin: FirstAdmin | undefined;
  /** Finishes running requests and releases everything. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the server that `kapacitor-auth serve` runs.
 *
 * @throws ConfigError; StoreUnavailableError; InvalidRequestError; Error when the address can't be used
 */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { options, logger } = settings;
  const auth = kapacitorAuth({
    ...options,
    logger: silenceNoUsers(logger),
    onError: answerAndNote,
  });
  try {
    // Before the store is touched: no administrator's password must be lost with a server that can't listen.
    const listening = await listen(createApp(auth, logger), settings);
    return await openUsers(auth, listening);
  } catch (error) {
    await auth.close();
    throw error;
  }
}

async function openUsers(auth: KapacitorAuth, listening: Listening): Promise<RunningServer> {
  try {
    await auth.ready();
    const firstAdmin = auth.users && (await createFirstAdmin(auth.users));
    return {
      url: listening.url,
      config: auth.config,
      firstAdmin,
      stop: async () => {
        await listening.stop();
        await auth.close();
      },
    };
  } catch (error) {
    await listening.stop();
    throw error;
  }
}
