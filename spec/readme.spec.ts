import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { FileUserStore, kapacitorAuth, loadConfig } from '../lib/index.js';
import { neededPrivilege } from '../lib/privileges/api-request.js';
import { localPrivileges } from '../lib/privileges/local-permissions.js';
import { isPermission } from '../lib/privileges/permission.js';
import { LostLines, registerLostLines } from '../lib/server/lost-lines.js';
import manifest from '../package.json';
import { Child, installedMain } from './cli/child.js';
import type { Exchange } from './support/console.js';
import { parseConsole, runConsole } from './support/console.js';
import { listeningLogger } from './support/listening-logger.js';
import { codes, fences, tableRows, withoutFences } from './support/markdown.js';
import { basic } from './support/open-auth.js';
import { optionTable } from './support/option-table.js';
import { anchorsOf, linksOf, readPages } from './support/pages.js';
import { SHOWN_ADDRESS, SHOWN_FOLDER, SHOWN_PASSWORD } from './support/shown.js';
import { temporaryFolder } from './support/temporary-folder.js';

const ROOT = join(__dirname, '..');
const EXAMPLES = join(ROOT, 'fixtures/examples');
/** The database of a real Kapacitor, which pages bring users from. */
const KAPACITOR_DB = join(ROOT, 'fixtures/reference/kapacitor.db');
const pages = readPages();
/** All pages, one after another. */
const documentation = pages.map(({ text }) => text).join('\n\n');
/** From how many characters on a page needs contents. */
const LONG = 6_000;

const folder = realpathSync(temporaryFolder());

const README = pages.find(({ path }) => path === 'README.md')?.text ?? '';

function blocks(language: string): readonly string[] {
  return fences(documentation)
    .filter((fence) => fence.language === language)
    .map(({ text }) => text);
}

/** The only block in a language. */
function block(language: string): string {
  const [text = '', ...others] = blocks(language);
  expect(others).toEqual([]);
  return text;
}

describe('the documentation', () => {
  it('has no block that is not tested, but diagrams', () => {
    const languages = new Set(fences(documentation).map(({ language }) => language));
    languages.delete('mermaid');
    // The tree of docs/architecture.md, which architecture-page.spec.ts follows.
    expect(blocks('text')).toHaveLength(1);
    expect([...languages].sort()).toEqual(['console', 'json', 'sh', 'text', 'toml', 'ts']);
  });

  it('has no block within a list, where these specs would not see it', () => {
    expect(documentation).not.toMatch(/^ +```/m);
  });

  it('shows all files of fixtures/examples, each once and word for word', () => {
    const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.ts'));
    const examples = files.map((file) => readFileSync(join(EXAMPLES, file), 'utf8'));
    expect([...blocks('ts')].sort()).toEqual(examples.sort());
  });

  it('has a spec for each of its examples', () => {
    const specs = readdirSync(join(ROOT, 'spec/examples'));
    const examples = readdirSync(EXAMPLES).filter((file) => file.endsWith('.ts'));
    expect(specs).toEqual(
      expect.arrayContaining(examples.map((file) => file.replace('.ts', '.spec.ts'))),
    );
  });

  it('names scripts of the package only', () => {
    const named = Array.from(
      documentation.matchAll(/\bnpm (?:run )?([a-z:-]+)/g),
      ([, name = '']) => name,
    ).filter((name) => !['audit', 'ci', 'install', 'pack'].includes(name));
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(named));
    expect(named).toEqual(expect.arrayContaining(['start', 'test', 'bench', 'docs']));
  });

  it('asks for the Node.js that the package asks for', () => {
    expect(documentation).toContain(`Node.js ${manifest.engines.node.replace('>=', '')} or newer`);
  });

  it.each(pages)('links to files and sections that there are: $path', (page) => {
    const links = linksOf(page).filter((target) => !/^https?:/.test(target));
    const broken = links.filter((target) => {
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page.path : join(dirname(page.path), file);
      if (!existsSync(join(ROOT, path))) return true;
      const linked = pages.find((other) => other.path === path);
      return anchor !== undefined && (linked === undefined || !anchorsOf(linked).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it.each(pages.filter(({ text }) => text.length > LONG))(
    'has the contents of a long page in it: $path',
    (page) => {
      const sections = page.text.replaceAll(/^(?:#|#{3,}) .*$/gm, '');
      expect(linksOf(page)).toEqual(
        expect.arrayContaining(
          anchorsOf({ ...page, text: sections }).map((anchor) => `#${anchor}`),
        ),
      );
    },
  );

  it('begins on a README of at most 20 kB, with code and a picture of the first start', () => {
    expect(Buffer.byteLength(README)).toBeLessThanOrEqual(20_000);
    const [first = ''] = README.split('\n## ');
    expect(fences(first).map(({ language }) => language)).toEqual(['sh', 'ts']);
    expect(first).toContain('](docs/first-start.svg)');
  });

  it('names files that there are', () => {
    const named = codes(withoutFences(documentation)).filter((code) =>
      /^(?:lib|spec|docs|fixtures)\/[\w./-]+$/.test(code),
    );
    // What `npm run docs` writes.
    const missing = named.filter((path) => path !== 'docs/api' && !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
  });

  it('leads to every page', () => {
    const linked = linksOf({ path: 'README.md', text: README }).map((target) =>
      target.replace(/#.*/, ''),
    );
    const docs = pages.map(({ path }) => path).filter((path) => path !== 'README.md');
    expect(linked).toEqual(expect.arrayContaining(docs));
  });
});

describe('its tables', () => {
  it('has all options', () => {
    expect(documentation).toContain(optionTable());
  });

  it('has the privileges of each permission', () => {
    const shown = tableRows(documentation, 'Permission').map(([permission = '', , privileges]) => {
      const [name] = codes(permission);
      if (!isPermission(name)) throw new Error(`no permission: ${permission}`);
      const granted = Object.entries(localPrivileges([name])).map(
        ([resource, names]) => `\`${resource}\` ${names.join(' ')}`,
      );
      expect(privileges).toBe(granted.join(', ') || 'none');
      return name;
    });
    expect(shown).toEqual(['none', 'api', 'config_api', 'write_points', 'all']);
  });

  it('has the privilege that each method needs', () => {
    const rows = tableRows(documentation, 'Method');
    for (const [methods = '', privilege] of rows) {
      const named = methods === 'any other' ? ['TRACE', 'PURGE'] : codes(methods);
      expect(named.map(neededPrivilege)).toEqual(named.map(() => privilege));
    }
    expect(rows.flatMap(([methods = '']) => codes(methods))).toHaveLength(7);
  });

  it('has all events, with what they hold', () => {
    const source = readFileSync(join(ROOT, 'lib/observe/events.ts'), 'utf8');
    const body = /^export interface KapacitorAuthEvents {\n([^]*?)^}$/m.exec(source)?.[1] ?? '';
    const events = Array.from(body.matchAll(/readonly (\w+): /g), ([, name = '']) => name);
    const shown = tableRows(documentation, 'Event').map(([name = '']) => codes(name)[0]);
    expect(shown).toEqual(events);
  });

  it('has all metrics', async () => {
    const { metrics } = kapacitorAuth({ configFile: devNull, store: { find: () => undefined } });
    registerLostLines(metrics, new LostLines());
    const names = (await metrics.getMetricsAsJSON()).map(({ name }) => name);
    const shown = tableRows(documentation, 'Metric').map(([name = '']) => codes(name)[0]);
    expect(shown.sort()).toEqual(names.sort());
  });

  it('has all errors, each with its statuses and codes', () => {
    const source = readFileSync(join(ROOT, 'lib/errors.ts'), 'utf8');
    const classes = Array.from(
      source.matchAll(/^export class (\w+) extends KapacitorAuthError {\n([^]*?)^}$/gm),
      ([, name = '', body = '']) => {
        const statuses = /status: ([\d |]+)/.exec(body)?.[1]?.trim().replace(' | ', ', ');
        const named = Array.from(body.matchAll(/'(ERR_\w+)'/g), ([, code = '']) => code);
        return [name, { statuses, codes: new Set(named) }] as const;
      },
    );
    const shown = tableRows(documentation, 'Class').map(([name = '', statuses, list = '']) => [
      codes(name)[0],
      { statuses, codes: new Set(codes(list)) },
    ]);
    expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(classes));
    expect(shown).toHaveLength(classes.length);
  });
});

describe('its files', () => {
  it('configure the package by a kapacitor.conf, without a warning', () => {
    const configFile = join(folder, 'kapacitor.conf');
    writeFileSync(configFile, block('toml'));
    const logger = listeningLogger();
    const { auth, store, origins } = loadConfig({ configFile, logger }, {});
    expect(logger.lines).toEqual([]);
    expect(auth.bcryptCost).toBe(12);
    expect(store).toMatchObject({ type: 'sqlite', path: '/var/lib/alerts/users.db' });
    expect(Object.values(origins).filter((origin) => origin !== 'default')).toHaveLength(5);
  });

  it('let the user of a file log in', async () => {
    const path = join(folder, 'users.json');
    writeFileSync(path, block('json'), { mode: 0o600 });
    const auth = kapacitorAuth({ configFile: devNull, store: new FileUserStore(path) });
    const headers = { authorization: basic('amy', 'correct horse') };
    await expect(Promise.resolve(auth.authenticate({ headers }))).resolves.toMatchObject({
      permissions: ['api'],
    });
    await auth.close();
  });
});

describe('its commands', () => {
  it.each(pages.filter(({ text }) => consoleOf(text).length > 0))(
    'do what they show, after those of README: $path',
    async ({ path, text }) => {
      const cwd = join(folder, path.replaceAll(/\W/g, '-'));
      mkdirSync(cwd);
      copyFileSync(KAPACITOR_DB, join(cwd, 'kapacitor.db'));
      const main = installedMain();
      const server = new Child(process.execPath, [main, 'serve', '--port', '0'], {
        cwd,
        env: { KAPACITOR_ADMIN_PASSWORD: SHOWN_PASSWORD },
      });
      try {
        const [, address = ''] = await server.until(/curl -u admin (http:\/\/[^/]+)/);
        const begin = path === 'README.md' ? [] : consoleOf(README);
        const shown = [...begin, ...consoleOf(text)].map(({ command, output }) => ({
          command: command.replaceAll(SHOWN_ADDRESS, address),
          output: output.replaceAll(SHOWN_FOLDER, cwd),
        }));
        const commands = shown.map(({ command }) => command);
        const ran = await runConsole(commands, { cwd, env: surroundings(main) });
        expect(ran.map(repeatable)).toEqual(shown.map(repeatable));
      } finally {
        server.process.kill();
        await server.exited;
      }
      // Some twenty processes, on a machine that may be busy.
    },
    120_000,
  );
});

/** The commands that a page shows, with what they write. */
function consoleOf(text: string): readonly Exchange[] {
  return fences(text)
    .filter(({ language }) => language === 'console')
    .flatMap((fence) => parseConsole(fence.text));
}

/** Returns what a command writes, with names for what is made at random or differs by time. */
function repeatable({ command, output }: Exchange): Exchange {
  return {
    command,
    output: output
      .replaceAll(/\b[0-9a-f]{16}\b/g, '(id)')
      .replaceAll(/~subscriber:[\w-]{96}@/g, '~subscriber:(token)@')
      .replaceAll(/\d{4}(?:-\d\d){2}T[\d:.]{12}Z/g, '(time)'),
  };
}

/** A machine where the package is installed, and curl, too. */
function surroundings(main: string): Readonly<Record<string, string>> {
  const programs = {
    'installed/npx': `test "$1" = kapacitor-auth && shift && exec "${process.execPath}" "${main}" "$@"`,
    'missing/curl': `exec "${process.execPath}" "${join(__dirname, 'support/curl.mjs')}" "$@"`,
  };
  for (const [place, command] of Object.entries(programs)) {
    mkdirSync(join(folder, place, '..'), { recursive: true });
    writeFileSync(join(folder, place), `#!/bin/sh\n${command}\n`, { mode: 0o755 });
  }
  const { PATH = '' } = process.env;
  return {
    PATH: `${join(folder, 'installed')}:${PATH}:${join(folder, 'missing')}`,
    HOME: folder,
    KAPACITOR_CONFIG_PATH: devNull,
  };
}
