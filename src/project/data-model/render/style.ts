/** Of the HTML page: readable without a network, light or dark as the reader's system is, and printable. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d2430, #e6e9ef); --soft: light-dark(#5c6675, #9aa4b2);
  --ground: light-dark(#fff, #14181f); --panel: light-dark(#f5f7fa, #1c222c); --rule: light-dark(#d9dee6, #333c4a);
  --fact: light-dark(#e3edff, #1e3358); --line: light-dark(#7b8798, #77849a); --link: light-dark(#1f5fbf, #7fb0ff) }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); display: grid;
  grid-template-columns: 17rem minmax(0, 1fr) }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; background: var(--panel); padding: 1rem; box-sizing: border-box }
nav p { font-weight: 600; margin: 0 0 .5rem }
nav ul { list-style: none; padding: 0; margin: 0; font-size: 13px }
nav .level-1 { margin-top: .7rem; font-weight: 600 }
nav .level-2 { padding-left: .8rem }
nav .level-3 { padding-left: 1.6rem }
a { color: var(--link); text-decoration: none }
a:hover { text-decoration: underline }
main { padding: 1rem 2.5rem 4rem; max-width: 84rem }
h1 { margin: 3rem 0 .5rem; font-size: 1.7rem }
h1:first-child { margin-top: .5rem }
h2 { margin: 2.2rem 0 .5rem; border-bottom: 1px solid var(--rule) }
h3 { margin: 1.8rem 0 .4rem }
.wide { overflow-x: auto; margin: .8rem 0 }
table { border-collapse: collapse; font-size: 14px }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem; border-bottom: 1px solid var(--rule) }
th { background: var(--panel); position: sticky; top: 0 }
code { font: 12.5px ui-monospace, monospace; background: var(--panel); padding: 0 .2em; border-radius: 3px; white-space: nowrap }
.diagram { max-width: none; display: block }
.diagram text { font: 12px ui-monospace, monospace; fill: var(--ink) }
.diagram .title { font-weight: 700 }
.diagram .type, .diagram .line text { fill: var(--soft) }
.diagram .type { text-anchor: end }
.diagram .line text { font-size: 11px }
.diagram rect { fill: var(--panel); stroke: var(--rule) }
.diagram .middle rect { fill: var(--fact) }
.diagram .line path { fill: none; stroke: var(--line); stroke-width: 1.2 }
.diagram .line { transition: opacity .15s }
@media print { body { display: block } nav { display: none } .wide { overflow: visible } .diagram { max-width: 100%; height: auto } }
@media (max-width: 60rem) { body { display: block } nav { position: static; height: auto } main { padding: 1rem } }
`.trim()
