import { createHash } from 'node:crypto';

/** The style sheet of all pages. */
export const STYLE: string = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #14171c);
  --card: light-dark(#fff, #1d2129);
  --text: light-dark(#1b1f27, #e6e9ef);
  --faint: light-dark(#525a68, #a5aebd);
  --line: light-dark(#d5dae2, #353c49);
  --edge: light-dark(#7d8695, #7f8999);
  --accent: light-dark(#1f5fbf, #8ab4ff);
  --on-accent: light-dark(#fff, #10151d);
  --bad: light-dark(#b3211d, #ff9d96);
  --bad-ground: light-dark(#fdecea, #3a1d1c);
  --good: light-dark(#17663a, #86d9a8);
  --good-ground: light-dark(#e6f5ec, #15301f);
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body {
  margin: 0;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
.skip { position: absolute; left: -99rem; }
.skip:focus { left: .5rem; top: .5rem; padding: .5rem 1rem; background: var(--card); z-index: 1; }
header {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: .25rem 1.5rem;
  padding: .5rem max(1rem, calc((100% - 64rem) / 2));
  background: var(--card);
  border-bottom: 1px solid var(--line);
}
.brand { margin: 0; font-weight: 700; }
header nav { flex: 1 1 auto; }
header ul { display: flex; flex-wrap: wrap; gap: 0 .25rem; margin: 0 -.6rem; padding: 0; list-style: none; }
header a { display: block; padding: .4rem .6rem; color: var(--text); text-decoration: none; border-bottom: 3px solid transparent; }
header a:hover { border-color: var(--line); }
header a[aria-current] { font-weight: 600; border-color: var(--accent); }
.who { display: flex; align-items: center; flex-wrap: wrap; gap: .25rem .75rem; font-size: .875rem; color: var(--faint); }
main { max-width: 66rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
main:focus { outline: none; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1rem 0; }
h2 { font-size: 1.15rem; margin: 0 0 .75rem; }
:not(h2):not(legend) + h2 { margin-top: 1.5rem; }
p { margin: .5rem 0; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1.25rem; margin: 1rem 0; }
.narrow { max-width: 26rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 1.25rem; align-items: start; }
.bar { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; }
.bar .field { margin: 0; flex: 1 1 9rem; }
.bar :is(label, .hint) { white-space: nowrap; }
.field { margin: 0 0 1rem; max-width: 34rem; }
label, legend { font-weight: 600; }
.tick label { font-weight: 400; }
small, .hint { color: var(--faint); font-size: .875rem; }
.hint { margin: 0 0 .25rem; }
.problem { margin: 0 0 .25rem; color: var(--bad); font-weight: 600; font-size: .875rem; }
input:not([type=checkbox]), select, textarea {
  display: block;
  width: 100%;
  min-height: 2.5rem;
  padding: .45rem .6rem;
  font: inherit;
  color: inherit;
  background: var(--card);
  border: 1px solid var(--edge);
  border-radius: .3rem;
}
textarea { font-family: var(--mono); font-size: .9rem; }
[aria-invalid] { border-color: var(--bad); border-width: 2px; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; min-width: 0; }
.tick { display: grid; grid-template-columns: auto 1fr; gap: 0 .6rem; align-items: start; margin: .3rem 0; }
fieldset .tick + button, form > .tick { margin-bottom: 1rem; }
.tick .problem { grid-column: 1 / -1; }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; margin: .15rem 0; accent-color: var(--accent); }
button, .button {
  display: inline-block;
  min-height: 2.5rem;
  padding: .45rem 1.1rem;
  font: inherit;
  font-weight: 600;
  text-decoration: none;
  color: var(--on-accent);
  background: var(--accent);
  border: 1px solid var(--accent);
  border-radius: .3rem;
  cursor: pointer;
}
button:hover, .button:hover { filter: brightness(1.1); }
.quiet { color: var(--text); background: transparent; border-color: var(--edge); }
.danger { color: var(--bad); background: transparent; border-color: var(--bad); }
.head { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
.alert, .done, .once { border-left: 4px solid; border-radius: .3rem; padding: .75rem 1rem; margin: 1rem 0; }
.alert { color: var(--bad); background: var(--bad-ground); }
.alert a { color: inherit; }
.alert h2 { font-size: 1rem; margin: 0; }
.alert ul { margin: .25rem 0 0; padding-left: 1.25rem; }
.done { color: var(--good); background: var(--good-ground); }
.once { border-color: var(--accent); background: var(--card); }
.secret, code, pre { font-family: var(--mono); font-size: .9rem; }
.secret, pre { display: block; margin: .5rem 0; padding: .6rem .75rem; background: var(--ground); border: 1px solid var(--line); border-radius: .3rem; white-space: pre-wrap; user-select: all; }
.scroll { overflow-x: auto; }
.scroll + .scroll { margin-top: 1.25rem; }
table { width: 100%; border-collapse: collapse; overflow-wrap: normal; }
caption { text-align: left; color: var(--faint); font-size: .875rem; padding: 0 0 .5rem; }
table :is(bdi, code, .any) { overflow-wrap: anywhere; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
th { font-size: .875rem; color: var(--faint); }
tbody th { font-size: 1rem; color: inherit; font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
.tag { display: inline-block; padding: 0 .5rem; margin: 0 .25rem .15rem 0; border: 1px solid var(--line); border-radius: 1rem; font-size: .875rem; white-space: nowrap; }
.tag.bad { color: var(--bad); border-color: currentColor; }
.tag.good { color: var(--good); border-color: currentColor; }
.empty { color: var(--faint); padding: 1.5rem 0; text-align: center; }
.pager { display: flex; flex-wrap: wrap; gap: 1rem; margin: 1rem 0 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; }
@media (max-width: 30rem) {
  .card { padding: 1rem; }
  .stack thead { position: absolute; left: -99rem; }
  .stack tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .stack tbody :is(th, td) { display: block; padding: 0; border: 0; }
  .stack td { color: var(--faint); font-size: .875rem; overflow-wrap: anywhere; }
  .stack td[data-label]::before { content: attr(data-label) ': '; }
  .rights :is(th, td) { padding-right: .4rem; font-size: .875rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin: 0 0 .5rem; }
}
@media (forced-colors: active) {
  button, .button, .tag { border: 1px solid; }
  header a { border: 0; }
  header a[aria-current] { border-bottom: 4px solid Highlight; }
}
`.trimStart();

/** Changes with the style sheet, so that browsers may keep one forever. */
export const STYLE_VERSION: string = createHash('sha256').update(STYLE).digest('hex').slice(0, 12);
