import type { AuthenticationError, AuthorizationError } from '../errors.js';
import { InvalidRequestError } from '../errors.js';
import type { ApiRule, ApiVerdict } from './api-decision.js';
import type { JudgeOptions } from './api-decision.js';
import { caselessPrivileges, decideApiRequest } from './api-decision.js';
import type { ApiRequest } from './api-request.js';
import { readApiRequest } from './api-request.js';
import { MOST_GRANTS } from './grant.js';
import { refusalOf } from './judge.js';
import { losesRequests } from './lost-requests.js';
import type { Makers } from './makers.js';
import { followsFromPermissions, grantFor, makersOf, NOBODY } from './makers.js';
import type { Permission } from './permission.js';
import { PERMISSIONS } from './permission.js';
import type { Privilege } from './privilege.js';
import type { PrivilegeEntry } from './privileges.js';
import type { KapacitorUser, UserData } from './user.js';
import { heldGrants, privilegeTableOf, resolveUser } from './user.js';

/** One rule that a request must keep, and how it was decided. */
export interface ExplainedRule {
  /**
   * `administrator` (refused: only administrators may), `endpoint`, `endpoint-in-any-case` (routers
   * may ignore case), or `database` (for a write).
   */
  readonly rule: ApiRule;
  /** The privilege that is needed. */
  readonly privilege: Privilege;
  /** The resource on which it is needed. */
  readonly resource: string;
  /** True if the user has it. */
  readonly allowed: boolean;
  /** The entry of the user's privileges that decided; left out if no entry covers the resource. */
  readonly entry?: PrivilegeEntry;
  /**
   * The user's permissions that the entry comes from. Empty if it comes from an administrator's
   * type or from a meta node.
   */
  readonly permissions: readonly Permission[];
  /** The user's grants that the entry comes from; left out if there are none. */
  readonly grants?: readonly string[];
  /** The same in words. */
  readonly reason: string;
}

/** Why a request is refused, as it is answered. */
export interface ExplainedRefusal {
  /** 403; 400 for a path that could be read in two ways; 401 for a user who is disabled. */
  readonly status: number;
  /** The `code` of the error. */
  readonly code: (AuthenticationError | AuthorizationError | InvalidRequestError)['code'];
  /** The text of the error. */
  readonly message: string;
}

/** The decision about a request of a user, and the reasons for it. */
export interface Explanation {
  /** The user that was judged. */
  readonly user: Pick<UserData, 'name' | 'type' | 'permissions' | 'source' | 'grants'> & {
    /** True if the user is disabled, so that nothing is allowed; else left out. */
    readonly disabled?: true;
  };
  /** The HTTP method. */
  readonly method: string;
  /** The request target as given. */
  readonly target: string;
  /** True if `judgeApiRequest` lets the request pass, and the user is not disabled. */
  readonly allowed: boolean;
  /** The canonical path that was judged; left out if there is none. */
  readonly path?: string;
  /** The answer to a refused request; left out if the request is allowed. */
  readonly refusal?: ExplainedRefusal;
  /** The rules in the order in which they were checked; a refused one is the last. */
  readonly rules: readonly ExplainedRule[];
  /** The permissions each of which would be enough if this local user got it as well. */
  readonly remedies: readonly Permission[];
  /** The grant that would be enough if this local user got it as well; left out if none would. */
  readonly grant?: string;
}

/**
 * Explains the decision of `judgeApiRequest` about a request; the same code decides.
 *
 * @param method - the HTTP method, in capitals
 * @param target - the request target: path and query
 */
export function explainApiRequest(
  user: KapacitorUser,
  method: string,
  target: string,
  options: JudgeOptions = {},
): Explanation {
  const { name, type, permissions, source } = user;
  const held = heldGrants(user);
  const about = { name, type, permissions, source, ...(held.length > 0 && { grants: held }) };
  const asked = { user: about, method, target };
  const request = attempt(() => readApiRequest(method, target));
  if (request instanceof InvalidRequestError) {
    return { ...asked, allowed: false, refusal: show(request), rules: [], remedies: [] };
  }
  const verdicts = decideApiRequest(user, request, options);
  const refusal = refusalOf(user, request, verdicts);
  const grant = refusal && grantRemedy(user, request, options);
  return {
    ...asked,
    allowed: refusal === undefined,
    path: request.path,
    ...(refusal !== undefined && { refusal: show(refusal) }),
    rules: verdicts
      .map((verdict) => explainVerdict(user, request, verdict))
      .filter((rule, index, rules) => !isRepetition(rule, rules[index - 1])),
    remedies: refusal === undefined ? [] : remedies(user, request, options),
    ...(grant !== undefined && { grant }),
  };
}

function attempt(read: () => ApiRequest): ApiRequest | InvalidRequestError {
  try {
    return read();
  } catch (error) {
    if (error instanceof InvalidRequestError) return error;
    throw error;
  }
}

function show({
  status,
  code,
  message,
}: AuthorizationError | InvalidRequestError): ExplainedRefusal {
  return { status, code, message };
}

function explainVerdict(
  user: KapacitorUser,
  { privilege }: ApiRequest,
  { rule, resource, allowed }: ApiVerdict,
): ExplainedRule {
  if (rule === 'administrator') {
    return { rule, privilege, resource, allowed, permissions: [], reason: FOR_ADMINS };
  }
  const table = rule === 'endpoint-in-any-case' ? caselessPrivileges(user) : privilegeTableOf(user);
  const entry = table.entryOf(resource);
  const makers = entry === undefined ? NOBODY : makersOf(user, entry, privilege);
  const { permissions, grants } = makers;
  return {
    rule,
    privilege,
    resource,
    allowed,
    ...(entry !== undefined && { entry }),
    permissions,
    ...(grants.length > 0 && { grants }),
    reason: reason(user, { privilege, entry, makers }),
  };
}

function reason(
  { admin, source }: KapacitorUser,
  {
    privilege,
    entry,
    makers: { permissions, grants },
  }: Pick<ExplainedRule, 'privilege'> & {
    readonly entry: PrivilegeEntry | undefined;
    readonly makers: Makers;
  },
): string {
  if (privilege === 'none') return 'the method needs no privilege';
  if (admin) return 'an administrator may do everything';
  if (entry === undefined) return 'no permission says anything of it';
  const makers = [
    ...(permissions.length > 0 ? [`permission ${permissions.join(' and ')}`] : []),
    ...(grants.length > 0 ? [`grant ${grants.join(' and ')}`] : []),
  ];
  const by = makers.length > 0 ? makers.join(' and ') : ORIGINS[source];
  return `${entry.privileges.join(' and ')} on ${entry.resource}, by ${by}`;
}

const FOR_ADMINS = 'it is for administrators only: no permission is enough';

const ORIGINS: Readonly<Record<KapacitorUser['source'], string>> = {
  local: 'its privileges',
  meta: 'the meta node',
  subscription: 'its subscription token',
  disabled: 'http.auth-enabled = false',
};

/** Hides the rule about case if it says the same as the rule before. */
function isRepetition(rule: ExplainedRule, before: ExplainedRule | undefined): boolean {
  return (
    rule.rule === 'endpoint-in-any-case' &&
    before?.allowed === rule.allowed &&
    before.entry?.resource.toLowerCase() === rule.entry?.resource
  );
}

/**
 * Lists only what works: other permissions change nothing for a user whose source gives the
 * privileges.
 */
function remedies(
  user: KapacitorUser,
  request: ApiRequest,
  options: JudgeOptions,
): readonly Permission[] {
  if (!followsFromPermissions(user)) return [];
  const { name } = user;
  return PERMISSIONS.filter((permission) => {
    const permissions = [...user.permissions, permission];
    const raised = raisedTo({ name, permissions, grants: heldGrants(user) });
    return isAllowed(raised, request, options);
  });
}

/**
 * Tells only what works and takes nothing away: a grant changes nothing for a user whose source
 * gives the privileges.
 */
function grantRemedy(
  user: KapacitorUser,
  request: ApiRequest,
  options: JudgeOptions,
): string | undefined {
  if (!followsFromPermissions(user)) return undefined;
  const grant = grantFor(user, request);
  if (grant === undefined) return undefined;
  const { name, permissions } = user;
  const grants = [...heldGrants(user), grant];
  if (grants.length > MOST_GRANTS) return undefined;
  const raised = raisedTo({ name, permissions, grants });
  if (!isAllowed(raised, request, options)) return undefined;
  return losesRequests(user, raised, options) ? undefined : grant;
}

function raisedTo(
  described: Pick<KapacitorUser, 'name' | 'permissions' | 'grants'>,
): KapacitorUser {
  return resolveUser({ ...described, type: 'normal' }, 'local');
}

function isAllowed(user: KapacitorUser, request: ApiRequest, options: JudgeOptions): boolean {
  return decideApiRequest(user, request, options).every(({ allowed }) => allowed);
}
