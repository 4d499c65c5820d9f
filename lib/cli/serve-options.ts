import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { KapacitorAuthOptions } from '../index.js';
import type { SourceOptions } from './source-options.js';
import { authOptions } from './source-options.js';

/** Options of `serve` that are a part of its configuration. */
export interface ConfigurationOptions extends SourceOptions {
  readonly upstream?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly auditLog?: string;
  readonly authEnabled?: 'true' | 'false';
  readonly workers: number;
}

/** Adds the options of `serve` that decide, with the configuration, whether it starts. */
export function addConfigurationOptions(command: Command): Command {
  return command
    .option(
      '--workers <number>',
      'how many processes answer requests, on one port; "auto" for one a core',
      parseWorkers,
      1,
    )
    .option(
      '--upstream <url>',
      'forward what users may do to http(s)://host:port; else [gateway] upstream of the configuration, else nothing is forwarded',
    )
    .option(
      '--tls-cert <file>',
      'serve TLS with this certificate (PEM), read again when it changes',
    )
    .option('--tls-key <file>', 'the key of that certificate (PEM)')
    .option(
      '--audit-log <file>',
      'write who changed users and who was refused to this file; else [audit] path of the configuration, else standard output',
    )
    .addOption(
      new Option(
        '--auth-enabled <boolean>',
        'whether requests must authenticate; "false" lets all pass as administrator; else KAPACITOR_HTTP_AUTH_ENABLED, else they must. A configuration file can not switch it off',
      ).choices(['true', 'false']),
    );
}

/** Turns them into options of `kapacitorAuth`. */
export function serverOptions(options: ConfigurationOptions): KapacitorAuthOptions {
  const { upstream, tlsCert, tlsKey, auditLog, authEnabled } = options;
  return {
    ...authOptions(options),
    ...authentication(authEnabled),
    gateway: { upstream, tlsCert, tlsKey },
    audit: { path: auditLog },
  };
}

/**
 * Authentication needs both switches of kapacitor.conf; http.auth-enabled alone switches it off.
 */
function authentication(enabled: ConfigurationOptions['authEnabled']): KapacitorAuthOptions {
  if (enabled === undefined) return {};
  if (enabled === 'false') return { http: { authEnabled: false } };
  return { http: { authEnabled: true }, auth: { enabled: true } };
}

/** More processes than this are surely a mistake. */
const MOST_WORKERS = 256;

function parseWorkers(value: string): number {
  if (value === 'auto') return availableParallelism();
  const workers = Number(value);
  if (/^\d+$/.test(value) && workers >= 1 && workers <= MOST_WORKERS) return workers;
  throw new InvalidArgumentError(`it is a number from 1 to ${String(MOST_WORKERS)}, or auto.`);
}
