import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Explanation } from '../index.js';
import { ExitStatus } from './exit-status.js';
import { notes } from './notes.js';
import { printJson } from './print-json.js';
import { printTable } from './print-table.js';
import { styled } from './styled.js';
import type { Terminal } from './terminal.js';
import { noSuchUser } from './users/existing-user.js';
import { showMore } from './users/grants.js';
import { showPermissions } from './users/permissions.js';
import { withAuth } from './with-auth.js';

const REFUSED = 3;

const NOTES = `
The request is judged as the server and authorizeApi() judge it: by Kapacitor's rules for its API. Guards of an app, and what
the server answers to everybody (whoami, health), are apart. Write the database of a write as in the request: '/write?db=NAME'.

Examples:
  $ kapacitor-auth explain amy GET /kapacitor/v1/tasks
  $ kapacitor-auth explain amy POST '/kapacitor/v1/write?db=telegraf' --json

Exit codes:
  0  allowed
  1  failed, such as for an unknown user
  2  the command line could not be understood
  3  refused`;

export function addExplainCommand(program: Command, terminal: Terminal): void {
  program
    .command('explain')
    .argument('<user>', 'the name of a user')
    .argument('<method>', 'the method of a request, such as GET', parseMethod)
    .argument('<path>', 'its path with its query, or its whole URL', pathOf)
    .description('tell whether a user may make a request, and by which permission and rule')
    .option(
      '--json',
      'as a JSON object with user, method, target, allowed, path, refusal, rules, remedies and grant',
    )
    .addHelpText('after', notes(NOTES))
    .action(
      async (
        name: string,
        method: string,
        path: string,
        { json }: { json?: true },
        command: Command,
      ) => {
        await withAuth(command, terminal, async ({ auth, location }) => {
          const { authEnabled } = auth.config.http;
          if (authEnabled && (await auth.find(name, { disabled: true })) === undefined)
            throw noSuchUser(name, location);
          const explanation = await auth.explain(name, method, path);
          if (json === true) printJson(terminal.stdout, explanation);
          else show(explanation, terminal);
          if (!explanation.allowed) throw new ExitStatus(REFUSED);
        });
      },
    );
}

function show(
  { user, method, path, refusal, rules, remedies, grant }: Explanation,
  { stdout }: Terminal,
): void {
  if (refusal === undefined) {
    stdout.write(`${styled(stdout, 'green', 'allowed')}: ${method} ${path ?? ''}\n`);
  } else {
    const { status, message } = refusal;
    stdout.write(`${styled(stdout, 'red', 'refused')} (${String(status)}): ${message}\n`);
  }
  if (rules.length > 0) {
    stdout.write('\n');
    const rows = rules.map(({ rule, privilege, resource, allowed, reason }) => [
      rule.replaceAll('-', ' '),
      privilege === 'none' ? 'nothing' : `${privilege} on ${resource}`,
      allowed ? 'yes' : 'no',
      reason,
    ]);
    printTable(stdout, [['RULE', 'NEEDS', 'HAS IT', 'BECAUSE'], ...rows]);
    stdout.write('\n');
    stdout.write(`${user.name} is ${describe(user)}\n`);
  }
  if (remedies.length > 0)
    stdout.write(`any of these permissions would allow it: ${remedies.join(', ')}\n`);
  if (grant !== undefined) stdout.write(`this grant would allow it: ${grant}\n`);
}

function describe(user: Explanation['user']): string {
  if (user.source === 'disabled') return 'who everybody is while http.auth-enabled is false';
  if (user.disabled === true) return 'disabled: the rules count once it is enabled';
  if (user.type === 'admin') return 'an administrator';
  if (user.source === 'meta') return 'a user of a meta node';
  return `a normal user with permissions: ${showPermissions(user)}${showMore(user)}`;
}

/** People type `get`; HTTP's methods are case-sensitive (RFC 9110, section 9.1). */
function parseMethod(value: string): string {
  if (/^[a-z-]+$/i.test(value)) return value.toUpperCase();
  throw new InvalidArgumentError('a method is a word such as GET.');
}

/** Removes scheme and host. The rest stays as it is: tidying it up would hide what is ambiguous. */
function pathOf(value: string): string {
  const path = value.replace(/^https?:\/\/[^/?#]*/i, '');
  return path === '' ? '/' : path;
}
