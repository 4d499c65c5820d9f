import type { Request } from 'express';
import { AuthorizationError, UserNotFoundError } from '../../errors.js';
import type { NewUser, UserInfo, UserUpdate } from '../../manage/user-forms.js';
import type { Users } from '../../manage/users.js';
import { checkGrants } from '../../manage/validate-user.js';
import type { KapacitorUser, UserDescription } from '../../privileges/user.js';
import { resolveUser } from '../../privileges/user.js';
import type { ChangeOptions, StoredUser } from '../../stores/user-store.js';
import { judgeGrants, judgeResult, judgeTarget } from './escalation.js';
import { judgeUsersRequest } from './users-path.js';

/** Parts of {@link JudgedUsers}. */
export interface JudgedUsersParts {
  /** The users; changes are told as made by whom they name. */
  readonly users: Users;
  /** The user who makes the changes, as authenticated. */
  readonly actor: KapacitorUser;
  /**
   * The request to the users API that a change is, as its router sees it: the URL begins below
   * `/users`.
   */
  readonly asked: Pick<Request, 'method' | 'url'>;
  /**
   * Returns true if what the actor was let in by still counts, by the actor as of the change; if
   * left out, only the actor's rights are judged again.
   */
  readonly isStill?: ((actor: StoredUser) => boolean) | undefined;
}

/** Options of a change to a user who is there. */
export interface JudgedChangeOptions {
  /** Called inside the change with the user before it; an error that it throws refuses it. */
  readonly check?: ((user: StoredUser) => void) | undefined;
}

/**
 * Changes to users, as far as the users API lets the user make them who asks: nobody grants more
 * than it has, or changes a user who may do more.
 *
 * The one who asks is judged as authenticated, and again as of now. A client could send the head of
 * its request while it has privileges, and the body long after it lost them. It may also lose them
 * while the password is hashed and other changes are made, so the judgement is repeated inside the
 * change. So is that of the user who is changed.
 *
 * All methods throw an AuthorizationError for what the user may not do, beside what `auth.users`
 * throws.
 */
export class JudgedUsers {
  readonly #parts: JudgedUsersParts;

  constructor(parts: JudgedUsersParts) {
    this.#parts = parts;
  }

  /** Adds a user. @throws InvalidRequestError; UserConflictError */
  async create(user: NewUser): Promise<UserInfo> {
    const { actor, judge } = await this.#judgeNow((each) => {
      judgeGrants(each, user);
    });
    return this.#parts.users.create(user, {
      actor,
      check: (present) => {
        this.#checkStill(present);
        judge(present);
      },
    });
  }

  /** Changes a user. @throws InvalidRequestError; UserNotFoundError; UserConflictError */
  async update(name: string, update: UserUpdate, options?: JudgedChangeOptions): Promise<UserInfo> {
    const judges: ChangeJudges = {
      request: (actor) => {
        judgeGrants(actor, update);
      },
      result: (actor, user) => {
        judgeResult(actor, resultOf(user, update));
      },
    };
    const judged = await this.#judgeChange(await this.#target(name), judges, options);
    return this.#parts.users.update(name, update, judged);
  }

  /** Ends all sessions of a user on pages. @throws UserNotFoundError */
  async endSessions(name: string): Promise<void> {
    const judged = await this.#judgeChange(await this.#target(name));
    await this.#parts.users.endSessions(name, judged);
  }

  /** Removes a user; false if there was none. @throws UserConflictError */
  async delete(name: string): Promise<boolean> {
    const { users } = this.#parts;
    const target = await users.get(name);
    return target !== undefined && users.delete(name, await this.#judgeChange(target));
  }

  #checkStill(present: StoredUser | undefined): void {
    const { isStill } = this.#parts;
    if (isStill === undefined || (present !== undefined && isStill(present))) return;
    throw new AuthorizationError('ERR_KAUTH_FORBIDDEN', 'your session has ended meanwhile: log in');
  }

  async #target(name: string): Promise<UserInfo> {
    const target = await this.#parts.users.get(name);
    if (target === undefined) throw new UserNotFoundError();
    return target;
  }

  async #judgeNow(judge: Judge, target?: UserDescription): Promise<Judgement> {
    const { users, actor, asked } = this.#parts;
    const { name, source } = actor;
    if (source === 'disabled') {
      judge(actor, target);
      return {
        actor: undefined,
        judge: (_present, changed) => {
          judge(actor, changed);
        },
      };
    }
    const again: Judgement['judge'] = (present, changed) => {
      judge(actor, changed);
      // Who is gone or disabled by now may do nothing.
      const isThere = present !== undefined && present.disabled !== true;
      const description = isThere ? present : ({ name, type: 'normal', permissions: [] } as const);
      const now = resolveUser(description, 'local');
      judgeUsersRequest(now, asked);
      judge(now, changed);
    };
    again(await users.get(name), target);
    return { actor: name, judge: again };
  }

  /**
   * Checks the target now and again inside the change: it may gain rights while the password is
   * hashed.
   */
  async #judgeChange(
    target: UserDescription,
    { request, result }: ChangeJudges = {},
    { check }: JudgedChangeOptions = {},
  ): Promise<ChangeOptions> {
    const judged: Judge = (actor, user = target) => {
      request?.(actor);
      judgeTarget(actor, user);
      result?.(actor, user);
    };
    const judgement = await this.#judgeNow(judged, target);
    return {
      actor: judgement.actor,
      check: (user, present) => {
        this.#checkStill(present);
        judgement.judge(present, user);
        check?.(user);
      },
    };
  }
}

/** The rights of a user after an update. */
function resultOf(user: UserDescription, update: UserUpdate): UserDescription {
  return { ...user, ...checkGrants(update) };
}

/** Judges the actor and, if an existing user changes, that user too. */
type Judge = (actor: KapacitorUser, target?: UserDescription) => void;

/** The user who makes a change. */
type Actor = UserDescription & Pick<StoredUser, 'disabled'>;

/** The actor of a change, and the judgement to repeat inside the change. */
interface Judgement {
  readonly actor: string | undefined;
  /** @param present - the actor as of now; undefined if that user is gone */
  readonly judge: (present: Actor | undefined, target?: UserDescription) => void;
}

/** Judgements beside the one if the actor may change the user at all. */
interface ChangeJudges {
  readonly request?: (actor: KapacitorUser) => void;
  /** Judges the user after the change. */
  readonly result?: (actor: KapacitorUser, user: UserDescription) => void;
}
