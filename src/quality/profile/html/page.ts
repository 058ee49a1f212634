import type { ProfileReport, TableProfile } from "../report.ts"
import {
  count,
  counted,
  keyInShort,
  isMild,
  personalByTable,
  referenceSentence,
  worthALook,
} from "../wording.ts"
import { anchor, joinGraph } from "./join-graph.ts"
import { html, Markup } from "../../../core/markup.ts"
import { STYLE } from "./style.ts"
import { tableSection, verdictBadge } from "./table-section.ts"
import { miniChart } from "./volume-chart.ts"

/** How many findings the front of the page names; all of them are with their tables. */
const LOOKS_IN_FRONT = 12

/** A profile as one HTML page that needs nothing but itself: no script, no font, no picture from elsewhere. */
export function profilePage(report: ProfileReport): string {
  const { subject, tables, profiledAt } = report
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Profile of ${subject}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1>Profile of ${subject}</h1>
<p class="dim">Looked at on ${profiledAt.slice(0, 16).replace("T", " ")} UTC. Personal data is shown masked.</p>
${tiles(report)}
</header>
<nav aria-label="Tables"><div><a href="#glance">At a glance</a>${tables.map(({ name, verdict }) => html`<a href="#${anchor(name)}"${verdict.include ? "" : OUT}>${name}</a>`)}</div></nav>
<main>
${atAGlance(tables)}
${leftOut(tables)}
${references(report)}
${looks(tables)}
${personal(report)}
${unusable(report)}
${tables.map(tableSection)}
</main>
<footer>Made by Cartwright. Patterns: <code>A</code> capital letters, <code>a</code> small letters, <code>9</code> a digit. Rules and limits: docs/profiling.md.</footer>
</body>
</html>
`.text
}

const OUT = html` class="out"`

function tiles({ tables, references }: ProfileReport): Markup {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const times = tables.flatMap(({ time }) => (time === null ? [] : [time]))
  const from = times.map((time) => time.from).toSorted()[0]
  const to = times
    .map((time) => time.to)
    .toSorted()
    .at(-1)
  const orphans = references.filter((reference) => reference.orphans > 0).length
  const out = tables.filter(({ verdict }) => !verdict.include).length
  const entries: [string, string][] = [
    [count(tables.length), `${tables.length === 1 ? "table" : "tables"}, ${out} left out`],
    [count(rows), rows === 1 ? "row" : "rows"],
    ...(from === undefined || to === undefined
      ? []
      : [[from.slice(0, 7), `to ${to.slice(0, 7)}`] as [string, string]]),
    ...(tables.length < 2
      ? []
      : [
          [count(references.length), `links between tables, ${orphans} with missing ends`] as [
            string,
            string,
          ],
        ]),
    [
      count(tables.flatMap(({ columns }) => columns).filter((column) => column.personal !== null).length),
      "columns of personal data",
    ],
  ]
  return html`<ul class="tiles">${entries.map(([value, what]) => html`<li><b>${value}</b>${what}</li>`)}</ul>`
}

function atAGlance(tables: readonly TableProfile[]): Markup {
  const times = tables.flatMap(({ time }) => (time === null ? [] : [time]))
  const span = {
    from: times.map((time) => time.from).toSorted()[0] ?? "",
    to:
      times
        .map((time) => time.to)
        .toSorted()
        .at(-1) ?? "",
  }
  const rows = tables.map((table) => {
    const { name, time } = table
    return html`<tr><td><a href="#${anchor(name)}">${name}</a></td><td class="number" data-label="rows">${count(table.rows)}</td><td class="number" data-label="columns">${table.columns.length}</td><td data-label="key">${keyInShort(table)}</td><td data-label="time covered">${time === null ? "–" : html`<span>${miniChart(time, span, `Rows of ${name} from ${time.from} to ${time.to}`)}<small class="dim">${time.from} to ${time.to}</small></span>`}</td><td data-label="verdict">${verdictBadge(table)}</td></tr>`
  })
  return html`<h2 id="glance">At a glance</h2><div class="panel scroll"><table class="stack"><thead><tr><th>table</th><th class="number">rows</th><th class="number">columns</th><th>key</th><th>time covered</th><th>verdict</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function leftOut(tables: readonly TableProfile[]): Markup {
  const out = tables.filter(({ verdict }) => !verdict.include)
  if (out.length === 0) return html``
  return html`<h2>What can be left out, and why</h2><div class="panel">${out.map(({ name, verdict }) => html`<p><b>${name}</b>: ${verdict.why.join(" ")}</p>`)}<p class="dim">Set <code>include: true</code> in cartwright.yaml to have it all the same.</p></div>`
}

function references(report: ProfileReport): Markup {
  if (report.references.length === 0) return html``
  const rows = report.references.map((reference) => {
    const copies = reference.copies.map(({ column }) => column)
    return html`<tr><td><span><a href="#${anchor(reference.table)}">${reference.table}</a>.${reference.column}</span></td><td data-label="refers to"><span><a href="#${anchor(reference.to.table)}">${reference.to.table}</a>.${reference.to.column}</span></td><td data-label="found" class="${reference.orphans > 0 ? "broken" : "sound"}">${referenceSentence(reference)}</td><td data-label="repeats" class="dim">${copies.length === 0 ? "–" : copies.join(", ")}</td></tr>`
  })
  return html`<h2>How the tables hang together</h2>${joinGraph(report)}<div class="panel scroll"><table class="stack references"><thead><tr><th>column</th><th>refers to</th><th>found</th><th>repeats of it</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

function looks(tables: readonly TableProfile[]): Markup {
  const found = tables
    .flatMap((table) =>
      worthALook(table).map((look) => ({ ...look, table: table.name, share: look.rows / table.rows })),
    )
    .filter(({ rule }) => !isMild(rule))
  if (found.length === 0) return html``
  const shown = found.toSorted((a, b) => b.share - a.share).slice(0, LOOKS_IN_FRONT)
  const rows = shown.map(
    ({ table, column, text }) =>
      html`<tr><td><span><a href="#${anchor(table)}">${table}</a>.${column}</span></td><td>${text}</td></tr>`,
  )
  const more = found.length - shown.length
  return html`<h2>Worth a look</h2><div class="panel scroll"><table class="stack"><tbody>${rows}</tbody></table>${more === 0 ? "" : html`<p class="dim">${counted(more, "further finding")} with the tables below.</p>`}</div>`
}

function personal(report: ProfileReport): Markup {
  const found = personalByTable(report)
  if (found.length === 0) return html``
  return html`<h2>Personal data</h2><div class="panel">${found.map(({ table, columns }) => html`<p><b>${table}</b>: ${columns.join(", ")}</p>`)}</div>`
}

function unusable({ unusable: files }: ProfileReport): Markup {
  if (files.length === 0) return html``
  return html`<h2>Cannot be read</h2><div class="panel">${files.map(({ file, problem }) => html`<p><b>${file}</b>: ${problem}</p>`)}</div>`
}
