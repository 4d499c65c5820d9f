import { createRequire } from 'node:module';
import express from 'express';
import * as face from 'kapacitor-auth';
import { userStoreContract } from 'kapacitor-auth/store-contract';
import type { KapacitorUser, UserStore } from 'kapacitor-auth';

const use: (app: typeof express, given: typeof face) => Promise<void> = createRequire(
  import.meta.url,
)('../use.cjs');

/** Only compiled: the middleware and the guards fit this Express' types, and req.user has its own. */
export const protect = (): express.Express =>
  express()
    .use(face.kapacitorAuth(), face.authorizeApi())
    .get('/reports', face.requirePermission('api'), (request, response) => {
      const user: KapacitorUser | undefined = request.user;
      response.json(user?.can('read', '/api/tasks'));
    });

const open = (): UserStore => new face.MemoryUserStore();
userStoreContract(open);

await use(express, face);
