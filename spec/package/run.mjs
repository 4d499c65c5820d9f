// Installs the packed package beside Express 4 and 5, and uses it from projects of every kind. With --all-nodes the
// projects run on Node 20, 22 and 24, from the npm package `node`; else on the Node that runs this.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = import.meta.dirname;
const root = join(here, '..', '..');
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The time that a program may take, in milliseconds: one that used the package and closed it ends by itself. */
const PATIENCE = 120_000;

const EXPRESSES = {
  'Express 5': { express: devDependencies.express, '@types/express': '^5.0.0' },
  'Express 4': {
    express: devDependencies.express4.replace('npm:express@', ''),
    '@types/express': '^4.17.0',
  },
};

/** Each project's module system, and what of it runs; what lies in dist is compiled first. */
const PROJECTS = {
  'javascript-commonjs': { type: 'commonjs', entry: 'main.cjs' },
  'javascript-module': { type: 'module', entry: 'main.mjs' },
  'typescript-commonjs': { type: 'commonjs', entry: 'dist/main.js', isCompiled: true },
  'typescript-module': { type: 'module', entry: 'dist/main.js', isCompiled: true },
  // What a bundler makes of it is the bundler's: this one only has to compile.
  'typescript-bundler': { type: 'module', isCompiled: true },
};

const nodes = process.argv.includes('--all-nodes')
  ? ['20', '22', '24'].map(nodeOf)
  : [process.execPath];

const folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-package-'));
try {
  const tarball = join(folder, pack());
  for (const [express, dependencies] of Object.entries(EXPRESSES)) {
    const place = install(express, { 'kapacitor-auth': `file:${tarball}`, ...dependencies });
    for (const name of Object.keys(PROJECTS)) check(name, express, place);
  }
  checkUntyped(tarball);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function nodeOf(version) {
  const command = ['node', '-p', 'process.execPath'];
  return npm(root, 'exec', '--yes', `--package=node@${version}`, '--', ...command).trim();
}

function pack() {
  const printed = npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder);
  return JSON.parse(printed)[0].filename;
}

/** A folder whose subfolders have these dependencies. */
function install(name, dependencies) {
  const place = join(folder, name.replace(' ', '-'));
  mkdirSync(place);
  const { typescript, '@types/node': nodeTypes } = devDependencies;
  const all = { ...dependencies, typescript, '@types/node': nodeTypes };
  writeFileSync(join(place, 'package.json'), JSON.stringify({ private: true, dependencies: all }));
  const quietly = ['--no-audit', '--no-fund', '--loglevel=error'];
  npm(place, 'install', '--prefer-offline', '--ignore-scripts', ...quietly);
  return place;
}

function check(name, express, place) {
  const { type, entry, isCompiled = false } = PROJECTS[name];
  const project = join(place, name);
  cpSync(join(here, 'projects', name), project, { recursive: true });
  cpSync(join(here, 'projects', 'use.cjs'), join(project, 'use.cjs'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type }));
  if (isCompiled) run(process.execPath, project, '../node_modules/typescript/bin/tsc');
  for (const node of entry === undefined ? [] : nodes) run(node, project, entry);
  console.log(`package: ${name} with ${express} ${entry === undefined ? 'compiles' : 'works'}`);
}

/** Without @types/express an app compiles if it checks no libraries; else the compiler names what to install, and nothing else. */
function checkUntyped(tarball) {
  const name = 'typescript-untyped-express';
  const { express } = EXPRESSES['Express 5'];
  const place = install('untyped', { 'kapacitor-auth': `file:${tarball}`, express });
  const project = join(place, name);
  cpSync(join(here, 'projects', name), project, { recursive: true });
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  const tsc = '../node_modules/typescript/bin/tsc';
  run(process.execPath, project, tsc);
  const words = [tsc, '--skipLibCheck', 'false', '--pretty', 'false'];
  const { stdout } = spawnSync(process.execPath, words, { cwd: project, encoding: 'utf8' });
  const errors = stdout.split('\n').filter((line) => /error TS\d+/.test(line));
  const isKnown = (line) => /error TS7016: .* module 'express'\./.test(line);
  if (errors.length === 0 || !errors.every(isKnown) || !stdout.includes('@types/express')) {
    throw new Error(
      `not as docs/protect-an-app.md tells of an app without @types/express: ${stdout}`,
    );
  }
  console.log(`package: ${name} compiles, and with skipLibCheck false it asks for @types/express`);
}

function npm(cwd, ...args) {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function run(node, cwd, ...args) {
  execFileSync(node, args, { cwd, stdio: 'inherit', timeout: PATIENCE });
}
