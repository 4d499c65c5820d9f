import type { RequestListener } from 'node:http';
import type { KapacitorAuth } from '../index.js';
import { lazy } from '../lazy.js';
import { logWhenOver } from './access-log.js';
import { answerFailure } from './answer-failure.js';
import type * as ExpressApp from './express-app.js';
import { loading } from './loading.js';
import type { LostLines } from './lost-lines.js';
import { ownAnswers } from './own-answers.js';
import { protectAnswer } from './protect-answer.js';

declare const require: {
  (id: './express-app.js'): typeof ExpressApp;
  resolve(id: string): string;
};

/** Listeners of an app. */
export interface AppListeners extends ExpressApp.ExpressAppListeners {
  /** Counts log lines that could not be written. */
  readonly lostLines: LostLines;
  /** Shows the metrics of all workers; if left out, this process is the only one. */
  readonly allMetrics?: (() => Promise<string>) | undefined;
}

/** The app. */
export interface App {
  readonly listener: ReturnType<typeof ownAnswers>;
  /**
   * Loads Express and all that it answers, unless a request did; that takes a moment.
   *
   * @throws Error if it can't be loaded
   */
  readonly prepare: () => void;
}

/**
 * Builds the app that `kapacitor-auth serve` runs: Kapacitor's API for users, answers to other
 * proxies at `/auth`, and pages to manage users. It judges every other path by Kapacitor's rules,
 * even one that it doesn't serve. So a 404 reveals nothing that the user may not know.
 *
 * @throws Error if Express, or another library that is needed, is not installed
 */
export function createApp(auth: KapacitorAuth, listeners: AppListeners): App {
  const later = librariesFor(auth);
  // They are loaded later, and must not be missed only then.
  for (const name of ['express', ...later.keys()]) loading(() => require.resolve(name));
  let made: RequestListener | undefined;
  const expressApp = (): RequestListener =>
    (made ??= loading(() => require('./express-app.js').createExpressApp(auth, listeners)));
  const { logger, lostLines, allMetrics } = listeners;
  const others: RequestListener = (request, response) => {
    let app: RequestListener;
    try {
      app = expressApp();
    } catch (error) {
      logWhenOver(logger, request, response);
      protectAnswer(response);
      answerFailure(error, request, response, { auth, logger });
      return;
    }
    app(request, response);
  };
  const listener = ownAnswers({ auth, logger, lostLines, allMetrics, others });
  const prepare = (): void => {
    expressApp();
    for (const load of later.values()) loading(load);
  };
  return { listener, prepare };
}

/** Libraries that only some configurations need, by the names of their packages. */
function librariesFor({ config }: KapacitorAuth): ReadonlyMap<string, () => unknown> {
  const { http, metrics } = config;
  return new Map<string, () => unknown>([
    ...(http.sharedSecret === '' ? [] : [['jws', lazy.jws] as const]),
    ...(metrics.endpoint === 'off' ? [] : [['prom-client', lazy.promClient] as const]),
  ]);
}
