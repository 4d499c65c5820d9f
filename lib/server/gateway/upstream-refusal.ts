import { UpstreamError } from '../../index.js';
import { isField } from './response-headers.js';

/** The reason why the upstream refused the gateway itself. It is for the log only. */
export class UpstreamRefusal extends Error {
  readonly code: 'UPSTREAM_CREDENTIALS' | 'UPSTREAM_PERMISSION';

  constructor(code: UpstreamRefusal['code'], message: string) {
    super(message);
    this.name = 'UpstreamRefusal';
    this.code = code;
  }
}

/** An answer of the upstream, with facts about the request. */
export interface RefusingAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly fields: readonly string[];
  /** True if the request writes points. */
  readonly isWrite: boolean;
  /** True if the gateway has an account at the upstream. */
  readonly hasAccount: boolean;
}

/**
 * Returns the error for clients if the upstream refused the gateway's own account; undefined for
 * other answers. Clients never see the upstream's answer: it names the account.
 */
export function upstreamRefusal(answer: RefusingAnswer): UpstreamError | undefined {
  const { status, hasAccount } = answer;
  // Kapacitor answers 401 in plain text to an account that may not write to a database.
  if ((status === 403 && hasAccount) || (status === 401 && answer.isWrite && isPlainText(answer))) {
    return refusal('UPSTREAM_PERMISSION', MAY_NOT);
  }
  if (status !== 401) return undefined;
  return refusal('UPSTREAM_CREDENTIALS', hasAccount ? WRONG : MISSING);
}

const MAY_NOT =
  "the gateway's account may not do this at the upstream: make it an administrator there (upstream-username in [gateway])";
const WRONG =
  "the upstream refused the gateway's credentials: see upstream-username, upstream-password and upstream-shared-secret in [gateway]";
const MISSING =
  'the upstream asks for credentials: set upstream-username, and upstream-password or upstream-shared-secret, in [gateway]';

function refusal(code: UpstreamRefusal['code'], why: string): UpstreamError {
  const text = 'the upstream refused the gateway';
  return new UpstreamError('ERR_KAUTH_UPSTREAM_FAILED', text, {
    cause: new UpstreamRefusal(code, why),
  });
}

function isPlainText({ fields }: RefusingAnswer): boolean {
  const place = fields.findIndex(
    (field, index) => index % 2 === 0 && isField(field, 'content-type'),
  );
  return place !== -1 && /^text\/plain\b/i.test(fields[place + 1] ?? '');
}
