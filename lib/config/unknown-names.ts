import type { LeftAside } from './config.js';
import { nearest } from './nearest.js';
import { optionRows, sections } from './option-rows.js';

// Kapacitor has sections and variables of its own, so an unknown name is no problem. It is worth a
// note if it looks like one of ours.

/** The edits that a slip of the hand makes. */
const SLIP = 2;

/** Sections of Kapacitor that are as near to one of ours as a slip. */
const FOREIGN_SECTIONS: readonly string[] = ['storage', 'smtp'];

/** Variables of the sections of this package, also of the two that Kapacitor has, too. */
const OURS = new RegExp(`^KAPACITOR_(?:${sections.join('|').toUpperCase()})_(\\w+)$`);

/** Variables of Kapacitor in the two sections that are its own, too. */
const KAPACITOR_HTTP_VARIABLES: readonly string[] = [
  ...['BIND_ADDRESS', 'LOG_ENABLED', 'WRITE_TRACING', 'PPROF_ENABLED', 'HTTPS_ENABLED'],
  ...['HTTPS_CERTIFICATE', 'HTTPS_PRIVATE_KEY', 'SHUTDOWN_TIMEOUT', 'GZIP'],
].map((key) => `KAPACITOR_HTTP_${key}`);

const VARIABLES: readonly string[] = [
  ...optionRows.map(({ variable }) => variable),
  ...['KAPACITOR_CONFIG_PATH', 'KAPACITOR_ADMIN_PASSWORD'],
];

/** The meaning of a variable that is named as an option of the command line. */
const OPTIONS_MEANT: ReadonlyMap<string, string> = new Map([
  ['KAPACITOR_UPSTREAM', 'KAPACITOR_GATEWAY_UPSTREAM, or --upstream of serve,'],
  ['KAPACITOR_UPSTREAM_URL', 'KAPACITOR_GATEWAY_UPSTREAM, or --upstream of serve,'],
  ['KAPACITOR_TLS_CERT', 'KAPACITOR_GATEWAY_TLS_CERT, or --tls-cert of serve,'],
  ['KAPACITOR_TLS_KEY', 'KAPACITOR_GATEWAY_TLS_KEY, or --tls-key of serve,'],
  ['KAPACITOR_AUDIT_LOG', 'KAPACITOR_AUDIT_PATH, or --audit-log of serve,'],
  ['KAPACITOR_STORE', 'KAPACITOR_STORE_PATH, or --store,'],
  ['KAPACITOR_WORKERS', '--workers of serve'],
  ['KAPACITOR_LOG_LEVEL', '--log-level of serve'],
  ['KAPACITOR_CONFIG', 'KAPACITOR_CONFIG_PATH, or --config,'],
  ['KAPACITOR_CONFIG_FILE', 'KAPACITOR_CONFIG_PATH, or --config,'],
  ['KAPACITOR_CONF', 'KAPACITOR_CONFIG_PATH, or --config,'],
]);

/** Keys that anybody may give to a variable of another program. */
const COMMON: readonly string[] = [
  ...['BASE_PATH', 'CA', 'CERT', 'ENABLED', 'ENDPOINT', 'INSECURE_SKIP_VERIFY', 'KEY', 'ORIGIN'],
  ...['ORIGINS', 'PATH', 'SCHEMA', 'STORE', 'TIMEOUT', 'TLS_CERT', 'TLS_KEY', 'TYPE', 'UPSTREAM'],
  ...['URL', 'USE_TLS', 'WINDOW'],
];

/** Returns the note on a section of a file that is probably a misspelt one of ours. */
export function misspeltSection(name: string, origin: string): readonly LeftAside[] {
  if (FOREIGN_SECTIONS.includes(name)) return [];
  const meant = nearest(name, sections, SLIP);
  return meant === undefined ? [] : [note(`[${name}]`, origin, `is [${meant}] meant?`)];
}

/** Returns notes on variables that this package does not know and is probably meant to. */
export function misspeltVariables(names: Iterable<string>): readonly LeftAside[] {
  const all = Array.from(names);
  const isOfEngine = engineVariables(all);
  return all.flatMap((name) => {
    if (!/^KAPACITOR_\w+$/.test(name) || VARIABLES.includes(name)) return [];
    if (KAPACITOR_HTTP_VARIABLES.includes(name) || isOfEngine(name)) return [];
    const meant = asOption(name) ?? nearest(name, VARIABLES, SLIP) ?? elsewhere(name);
    if (meant !== undefined) return [note(name, 'environment', `is ${meant} meant?`)];
    return OURS.test(name) ? [note(name, 'environment', 'docs/configuration.md lists all')] : [];
  });
}

/** Finds what a name means that is an option of the command line in capitals. */
function asOption(name: string): string | undefined {
  return (
    OPTIONS_MEANT.get(name) ??
    OPTIONS_MEANT.get(name.replace(/^KAPACITOR_(?:AUTH|HTTP|SERVER)_/, 'KAPACITOR_'))
  );
}

/**
 * Finds the variable whose section was left out, or is another: `KAPACITOR_ENFORCE`,
 * `KAPACITOR_HTTP_BCRYPT_COST`; or to which the name of the package was added:
 * `KAPACITOR_AUTH_STORE_PATH`.
 */
function elsewhere(name: string): string | undefined {
  const shorter = name.replace(/^KAPACITOR_AUTH_/, 'KAPACITOR_');
  if (VARIABLES.includes(shorter)) return shorter;
  const key = OURS.exec(name)?.[1] ?? name.replace(/^KAPACITOR_/, '');
  if (COMMON.includes(key)) return undefined;
  const meant = optionRows.find((row) => row.key.replaceAll('-', '_').toUpperCase() === key);
  return meant?.variable;
}

/**
 * Returns a test for variables by which Kubernetes tells of services: one named `kapacitor-auth`
 * makes `KAPACITOR_AUTH_SERVICE_HOST`, `KAPACITOR_AUTH_PORT_9095_TCP` and others.
 */
function engineVariables(names: readonly string[]): (name: string) => boolean {
  const services = names.flatMap((name) => /^(\w+)_SERVICE_HOST$/.exec(name)?.[1] ?? []);
  return (name) =>
    services.some((service) => {
      const rest = name.startsWith(service) ? name.slice(service.length) : '';
      return /^_(?:SERVICE_(?:HOST|PORT\w*)|PORT(?:_\d+_\w+)?)$/.test(rest);
    });
}

function note(key: string, origin: string, advice: string): LeftAside {
  return Object.freeze({ key, origin, reason: `is unknown and does not count; ${advice}` });
}
