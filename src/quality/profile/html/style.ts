/** The page's style sheet: light and dark, from phone to paper, without anything from elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #fff; --ink: #1d2327; --soft: #5d676e; --line: #e3e0d8; --fill: #eceae3;
  --accent: #0b6e69; --accent-soft: #d9ecea; --warn: #a14a00; --warn-soft: #fcebd8; --bad: #b3261e; --out: #8a8f94; --personal: #6b3fa0; --personal-soft: #eee6f8; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181b; --card: #1c2226; --ink: #e8eaec; --soft: #a0aab1; --line: #323a40; --fill: #2a3137;
  --accent: #5cc7bf; --accent-soft: #173a38; --warn: #f2b266; --warn-soft: #3c2a14; --bad: #ff8f85; --out: #7f888e; --personal: #c9a8f5; --personal-soft: #32264a; } }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 3.5rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main, header { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .4rem 0; } a { color: var(--accent); }
.dim, figcaption, dt, .axis { color: var(--soft); }
nav { position: sticky; top: 0; z-index: 2; background: var(--paper); border-bottom: 1px solid var(--line); margin-top: 1.25rem; }
nav div { max-width: 72rem; margin: 0 auto; padding: .5rem 1.25rem; display: flex; gap: 1.1rem; overflow-x: auto; white-space: nowrap; font-size: .9rem; }
nav a { text-decoration: none; } nav a.out { color: var(--out); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .9rem; font-size: .88rem; color: var(--soft); }
.tiles b { display: block; font-size: 1.45rem; line-height: 1.25; color: var(--ink); font-variant-numeric: tabular-nums; }
.panel, .column { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.panel { padding: .35rem 1rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .82rem; }
th, td { padding: .5rem .8rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child td { border-bottom: 0; } td:last-child, th:last-child { padding-right: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.badge { display: inline-block; border-radius: 99px; padding: .05rem .6rem; font-size: .78rem; font-weight: 600; white-space: nowrap; background: var(--accent-soft); color: var(--accent); }
.badge.out { background: var(--fill); color: var(--soft); } .badge.personal { background: var(--personal-soft); color: var(--personal); }
.badge.type { background: var(--fill); color: var(--soft); font-weight: 500; }
section.table { border-top: 1px solid var(--line); margin-top: 2.5rem; }
section.table h2 { display: flex; flex-wrap: wrap; align-items: center; gap: .6rem; margin-top: 1.5rem; }
dl { display: grid; grid-template-columns: 5.5rem 1fr; gap: .3rem 1rem; margin: .5rem 0 1rem; } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1rem 0; } figcaption { font-size: .85rem; margin-bottom: .35rem; }
.volume svg { display: block; width: 100%; height: 110px; border-bottom: 1px solid var(--line); }
.bar { fill: var(--accent); } .hit { fill: transparent; } g:hover > .hit { fill: var(--fill); }
.axis { display: flex; justify-content: space-between; font-size: .8rem; margin-top: .2rem; }
.mini { width: 11rem; height: 1.4rem; vertical-align: middle; display: block; border-bottom: 1px solid var(--line); }
.graph { display: block; max-width: none; margin: .5rem 0; } .graph a { text-decoration: none; }
.graph .edge { fill: none; stroke: var(--soft); stroke-width: 1.4; } .graph .edge.broken { stroke: var(--warn); stroke-dasharray: 5 3; }
.graph marker path { fill: var(--soft); } .graph rect { fill: var(--accent-soft); stroke: var(--accent); }
.graph text { fill: var(--ink); font-size: 14px; font-weight: 600; } .graph .small { font-size: 11.5px; font-weight: 400; fill: var(--soft); }
.graph .description rect { fill: var(--card); } .graph .out rect { fill: var(--fill); stroke: var(--out); stroke-dasharray: 4 3; } .graph .out text { fill: var(--soft); }
.columns { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(19.5rem, 100%), 1fr)); gap: .75rem; align-items: start; }
.column { padding: .8rem .95rem; min-width: 0; break-inside: avoid; font-size: .9rem; }
.column header { all: unset; display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; margin-bottom: .35rem; }
.filled { height: 5px; border-radius: 3px; background: var(--fill); overflow: hidden; margin: .3rem 0 .4rem; } .filled i { display: block; height: 100%; background: var(--accent); }
.facts { color: var(--soft); font-variant-numeric: tabular-nums; }
.range { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.top { list-style: none; margin: .45rem 0 0; padding: 0; }
.top li { position: relative; display: flex; justify-content: space-between; gap: .75rem; padding: .08rem .4rem; border-radius: 4px; margin-bottom: 2px; overflow: hidden; }
.top i { position: absolute; inset: 0 auto 0 0; background: var(--accent-soft); border-radius: 4px; } .top span { position: relative; overflow-wrap: anywhere; min-width: 0; }
.top span:last-child { color: var(--soft); white-space: nowrap; font-variant-numeric: tabular-nums; }
code { font: .86em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; background: var(--fill); border-radius: 4px; padding: .05rem .3rem; overflow-wrap: anywhere; white-space: pre-wrap; }
.patterns { color: var(--soft); font-size: .84rem; margin-top: .4rem; }
.warnings { list-style: none; margin: .5rem 0 0; padding: 0; } .warnings li { background: var(--warn-soft); color: var(--warn); border-radius: 6px; padding: .2rem .5rem; margin-top: .3rem; font-size: .85rem; overflow-wrap: anywhere; }
.warnings li.mild { background: var(--fill); color: var(--soft); } .warnings code { background: transparent; padding: 0; color: inherit; }
.references td:nth-child(3) { min-width: 13rem; } .references td:nth-child(4) { font-size: .85rem; }
.broken { color: var(--warn); } footer { max-width: 72rem; margin: 3rem auto 2rem; padding: 0 1.25rem; font-size: .85rem; color: var(--soft); }
@media (max-width: 40rem) { header { padding-top: 1.25rem; } h1 { font-size: 1.5rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  .stack thead { display: none; } .stack tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); } .stack tr:last-child { border-bottom: 0; }
  .stack td { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .12rem 0; text-align: right; overflow-wrap: anywhere; min-width: 0; }
  .stack td:not([data-label]) { justify-content: flex-start; text-align: left; } .stack td[data-label]::before { content: attr(data-label); color: var(--soft); font-size: .82rem; text-align: left; flex: none; } .stack td:first-child { font-weight: 600; font-size: 1rem; } .mini { width: 8rem; } }
@media print { :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #ccc; --fill: #eee; --accent: #0b6e69; --accent-soft: #d9ecea; --warn: #7a3800; --warn-soft: #fff3e4; --personal: #4b2a75; --personal-soft: #f1eaf9; --out: #666; }
  nav { display: none; } body { font-size: 10.5pt; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } .columns { grid-template-columns: 1fr 1fr; } tr, figure, .panel { break-inside: avoid; } h2, h3 { break-after: avoid; } .graph { max-width: 100%; height: auto; } }
`
