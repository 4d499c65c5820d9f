import { setTimeout as wait } from 'node:timers/promises';
import type { Permission } from '../privileges/permission.js';
import { Turn } from '../turns.js';
import { findBucket, itemsOf } from './bolt/bucket.js';
import type { ByteSource } from './bolt/byte-source.js';
import { memorySource } from './bolt/byte-source.js';
import type { Meta } from './bolt/meta.js';
import { newestMeta } from './bolt/meta.js';
import { PageReader } from './bolt/page-reader.js';
import { Damage } from './damage.js';
import type { ImportedSubscription } from './imported-subscription.js';
import { importedSubscription, isSubscription } from './imported-subscription.js';
import type { ImportedUser } from './imported-user.js';
import { importedUser } from './imported-user.js';
import type { LeftOut } from './left-out.js';
import { SharedLists } from './shared-lists.js';
import { USER_BUCKET, usersOf } from './user-bucket.js';

/** Everything about users that a kapacitor.db holds. */
export interface KapacitorDbContent {
  /** In the order of their names. */
  readonly users: readonly ImportedUser[];
  /** The subscription tokens, as digests. */
  readonly subscriptions: readonly ImportedSubscription[];
  /** Everything that is not taken over as it was; users come here whole or by a privilege. */
  readonly leftOut: readonly LeftOut[];
}

/** Readings of a file that changes meanwhile. */
export const TRIES = 20;

/** Milliseconds between two readings. */
const PAUSE = 20;

/** The largest file in bytes that is copied into memory first: that takes a moment only. */
const MOST_COPIED = 64 * 1024 * 1024;

/**
 * Reads until nothing was changed meanwhile; undefined if there was a change during each of
 * {@link TRIES} readings. Bolt overwrites a page at the earliest two transactions after the one
 * that still had it: so if the newest transaction is the same before and after, all pages are of
 * that one.
 *
 * @param mostCopied - the largest file in bytes that is copied before it is understood
 * @throws Damage
 */
export async function readSnapshot(
  source: ByteSource,
  mostCopied: number = MOST_COPIED,
): Promise<KapacitorDbContent | undefined> {
  for (let tried = 1; tried <= TRIES; tried += 1) {
    const meta = newestMeta(source);
    const length = meta.pageSize * meta.pageCount;
    if (length <= mostCopied && !source.isStill) {
      const copy = Buffer.alloc(length);
      source.read(0, copy);
      if (isNewest(source, meta)) return readState(memorySource(copy), meta);
    } else {
      const content = await readInPlace(source, meta);
      if (content !== undefined) return content;
    }
    await wait(PAUSE);
  }
  return undefined;
}

/** Reads the state of one transaction; undefined if there was another one meanwhile. */
async function readInPlace(
  source: ByteSource,
  meta: Meta,
): Promise<KapacitorDbContent | undefined> {
  try {
    const content = await readState(source, meta);
    return isNewest(source, meta) ? content : undefined;
  } catch (error) {
    if (error instanceof Damage && !isNewest(source, meta)) return undefined;
    throw error;
  }
}

function isNewest(source: ByteSource, { transaction }: Meta): boolean {
  return source.isStill || newestMeta(source).transaction === transaction;
}

async function readState(source: ByteSource, meta: Meta): Promise<KapacitorDbContent> {
  const turn = await Turn.take();
  const pages = new PageReader(source, meta);
  const users: ImportedUser[] = [];
  const subscriptions: ImportedSubscription[] = [];
  const leftOut: LeftOut[] = [];
  const shared: SharedRights = {
    permissions: new SharedLists<Permission>(),
    grants: new SharedLists<string>(),
  };
  const bucket = findBucket(itemsOf(pages, { kind: 'tree', root: meta.root }), USER_BUCKET);
  for (const record of bucket === undefined ? [] : usersOf(itemsOf(pages, bucket))) {
    if (isSubscription(record)) {
      const { taken, leftOut: left } = importedSubscription(record);
      if (taken !== undefined) subscriptions.push(taken);
      leftOut.push(...left);
    } else {
      const { taken, leftOut: left } = importedUser(record);
      if (taken !== undefined) users.push(sharing(taken, shared));
      leftOut.push(...left);
    }
    await turn.passIfOver();
  }
  return { users, subscriptions, leftOut };
}

/** Lists of rights by which users are alike are kept once. */
interface SharedRights {
  readonly permissions: SharedLists<Permission>;
  readonly grants: SharedLists<string>;
}

function sharing(user: ImportedUser, { permissions, grants }: SharedRights): ImportedUser {
  return Object.freeze({
    ...user,
    permissions: permissions.share(user.permissions),
    grants: grants.share(user.grants),
  });
}
