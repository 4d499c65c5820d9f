import type { Express, RequestHandler } from 'express';
import express from 'express';
import type { KapacitorAuth, KapacitorUser } from '../../lib/index.js';
import {
  answerJson,
  authorizeApi,
  forwardAuth,
  KapacitorAuthError,
  requireAdmin,
  usersApi,
} from '../../lib/index.js';
import { accessLog, answerAndNote } from '../../lib/server/access-log.js';
import type { AppListeners } from '../../lib/server/app.js';
import { VERSION } from '../../lib/server/version.js';
import { answerWhoami } from '../../lib/server/whoami.js';

/** The same server by the means of Express alone: what an app of one's own would be. */
export function createExpressApp(auth: KapacitorAuth, { logger }: AppListeners): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(accessLog(logger), (_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    next();
  });
  app.get('/health', async (_request, response) => {
    const isReady = await auth.check().then(
      () => true,
      () => false,
    );
    answerJson(response, isReady ? 200 : 503, { status: isReady ? 'pass' : 'fail' });
  });
  app.all('/auth', forwardAuth(auth));
  const { endpoint } = auth.config.metrics;
  const metrics: RequestHandler = (_request, response) => {
    response.setHeader('Content-Type', auth.metrics.contentType);
    response.end('metrics');
  };
  if (endpoint === 'open') app.get('/metrics', metrics);
  app.use(auth);
  if (endpoint === 'admin') app.get('/metrics', requireAdmin(), metrics);
  app.get(['/kapacitor/v1/whoami', '/kapacitor/v1preview/whoami'], whoami(auth));
  app.use(authorizeApi());
  app.get('/kapacitor/v1/ping', (_request, response) => {
    response.setHeader('X-Kapacitor-Version', VERSION);
    response.statusCode = 204;
    response.end();
  });
  app.use(usersApi(auth), (_request, response) => {
    answerJson(response, 404, { error: 'Not Found', message: 'Not Found' });
  });
  return app;
}

function whoami(auth: KapacitorAuth): RequestHandler {
  return async (request, response, next) => {
    try {
      await answerWhoami(auth)(request, response, request.user as KapacitorUser);
    } catch (error) {
      if (error instanceof KapacitorAuthError) answerAndNote(error, request, response, next);
      else next(error);
    }
  };
}
