import type { ColumnProfile, TableProfile } from "../report.ts"
import {
  count,
  counted,
  inShort,
  isMild,
  keySentence,
  missing,
  originSentence,
  percent,
  rowsSentence,
  timeSentence,
  typeWord,
} from "../wording.ts"
import { anchor } from "./join-graph.ts"
import { html, type Markup } from "../../../core/markup.ts"
import { volumeChart } from "./volume-chart.ts"

/** All about one table: what it is, when its rows came about, and a card for each column. */
export function tableSection(table: TableProfile): Markup {
  const { name, verdict, time, columns } = table
  return html`<section class="table" id="${anchor(name)}">
<h2>${name} ${verdictBadge(table)}</h2>
<dl>
<dt>Verdict</dt><dd>${verdict.why.join(" ")}</dd>
<dt>Rows</dt><dd>${rowsSentence(table)}</dd>
<dt>Key</dt><dd>${keySentence(table)}</dd>
${time === null ? "" : html`<dt>Time</dt><dd>${timeSentence(time)}</dd>`}
<dt>Files</dt><dd>${originSentence(table)}</dd>
</dl>
${time === null || time.days < 2 ? "" : volumeChart(time)}
<div class="columns">${columns.map((column) => columnCard(column, table))}</div>
</section>`
}

export function verdictBadge({ verdict }: TableProfile): Markup {
  const words = {
    facts: "include · what happens",
    description: "include · describes things",
    empty: "include · no rows yet",
    place: "leave out · places",
    repetition: "leave out · a repetition",
    duplicate: "leave out · a duplicate",
  }
  return html`<span class="badge${verdict.include ? "" : " out"}">${words[verdict.role]}</span>`
}

function columnCard(column: ColumnProfile, { rows, keys }: TableProfile): Markup {
  const { name, type, distinct, nulls, personal, min, max, numbers } = column
  const isKey = keys.some((key) => key.length === 1 && key[0] === name)
  const filled = rows === 0 ? 0 : (rows - nulls) / rows
  const facts = [
    nulls === 0 ? "always filled" : `${missing(column)} missing`,
    isKey ? "all different" : counted(distinct, "different value"),
    numbers === null ? "" : `mean ${short(numbers.mean)}, median ${short(numbers.quartiles[1])}`,
  ]
  const ordered = !["text", "json", "nothing", "boolean"].includes(type.name) || distinct > 8
  return html`<article class="column">
<header><h3>${name}</h3><span class="badge type">${typeWord(column)}${type.format === null ? "" : `: ${type.format}`}</span>${isKey ? html`<span class="badge">key</span>` : ""}${personal === null ? "" : html`<span class="badge personal">${personal.kind}</span>`}</header>
<div class="filled" title="${percent(filled)} filled"><i style="width:${(filled * 100).toFixed(1)}%"></i></div>
<div class="facts">${facts.filter((fact) => fact !== "").join(" · ")}</div>
${ordered && min !== null && max !== null ? html`<div class="range">${inShort(min, type.name)}${min === max ? "" : html` <span class="dim">to</span> ${inShort(max, type.name)}`}</div>` : ""}
${topValues(column)}${patterns(column)}${warnings(column)}
</article>`
}

/** Values that hardly ever come twice are no use as a list, nor are masked ones. */
function topValues({ top, type, distinct, numbers, personal }: ColumnProfile): Markup | "" {
  const [first] = top
  if (
    first === undefined ||
    type.name === "json" ||
    personal !== null ||
    (first.share < 0.02 && distinct > 8)
  )
    return ""
  const shown = top.slice(0, numbers === null ? 6 : 4)
  const entries = shown.map(
    ({ value, rows, share }) =>
      html`<li title="${counted(rows, "row")}"><i style="width:${(share * 100).toFixed(1)}%"></i><span>${inShort(value, type.name)}</span><span>${percent(share)}</span></li>`,
  )
  return html`<ul class="top">${entries}</ul>`
}

function patterns({ patterns: found, patternsExact, type, personal }: ColumnProfile): Markup | "" {
  const telling = found.filter(({ share }) => share >= 0.05).slice(0, 3)
  if (telling.length === 0 || (type.name !== "text" && personal === null)) return ""
  const entries = telling.map(
    ({ pattern, share }, i) => html`${i > 0 ? ", " : ""}<code>${pattern}</code> ${percent(share)}`,
  )
  return html`<div class="patterns">${patternsExact ? "Looks like" : "Looks (in a sample) like"} ${entries}</div>`
}

function warnings({ suspicious }: ColumnProfile): Markup | "" {
  if (suspicious.length === 0) return ""
  const entries = suspicious.map(
    ({ rule, what, rows, example }) =>
      html`<li class="${isMild(rule) ? "mild" : "strong"}">${count(rows)} × ${what}${example === null || example === "" ? "" : html`, e.g. <code>${example}</code>`}</li>`,
  )
  return html`<ul class="warnings">${entries}</ul>`
}

function short(n: number): string {
  return Math.abs(n) >= 1000 ? count(Math.round(n)) : String(Number(n.toPrecision(4)))
}
