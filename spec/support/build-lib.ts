import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { version as bundlerVersion } from 'esbuild';
import ts from 'typescript';

const LIB = join(__dirname, '../../lib');
const MANIFEST = join(__dirname, '../../package.json');
const LOCK = join(__dirname, '../../package-lock.json');
const BUNDLE = join(__dirname, '../../fixtures/build/bundle.mjs');
const NOTICES = join(__dirname, '../../fixtures/build/third-party.mjs');
/** Below node_modules, where the build finds its dependencies. */
const CACHE = join(__dirname, '../../node_modules/.cache/kapacitor-auth');

/**
 * Makes JavaScript of lib for child processes, once for each state of its files, and returns the folder:
 * `require(join(buildLib(), 'stores/file-store.js'))`. The program is in `bin/main.js`, and each entry is one file, as the
 * package's. Safe to call from several workers at once.
 */
export function buildLib(): string {
  const sources = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(LIB, path), 'utf8') }));
  const digest = createHash('sha256').update(ts.version + bundlerVersion);
  // The program holds code of packages, too.
  for (const file of [BUNDLE, NOTICES, MANIFEST, LOCK]) digest.update(readFileSync(file));
  digest.update(JSON.stringify(sources));
  const folder = join(CACHE, `lib-${digest.digest('hex').slice(0, 16)}`);
  if (!existsSync(folder)) publish(build(sources), folder);
  keepManifest();
  return folder;
}

/** The package's manifest lies beside the folder, as beside dist; others may be reading it. */
function keepManifest(): void {
  const [place, text] = [join(CACHE, 'package.json'), readFileSync(MANIFEST, 'utf8')];
  if (existsSync(place) && readFileSync(place, 'utf8') === text) return;
  const made = join(mkdtempSync(join(CACHE, 'building-')), 'package.json');
  writeFileSync(made, text);
  renameSync(made, place);
  rmSync(dirname(made), { recursive: true });
}

function build(sources: readonly { readonly path: string; readonly text: string }[]): string {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'building-'));
  // For children that give up their privileges.
  chmodSync(folder, 0o755);
  const compilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.CommonJS,
    esModuleInterop: true,
  };
  for (const { path, text } of sources) {
    const file = join(folder, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, ts.transpileModule(text, { compilerOptions }).outputText);
  }
  execFileSync(process.execPath, [BUNDLE, folder], { stdio: 'pipe' });
  return folder;
}

/** The first worker to finish wins; the builds are the same. */
function publish(built: string, folder: string): void {
  try {
    renameSync(built, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(built, { recursive: true });
  }
}
