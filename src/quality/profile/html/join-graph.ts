import type { ProfileReport, TableProfile } from "../report.ts"
import { count } from "../wording.ts"
import { html, type Markup } from "../../../core/markup.ts"

const BOX = { width: 190, height: 46 }
const GAP = { x: 90, y: 34 }
const MARGIN = 10

interface Placed {
  table: TableProfile
  x: number
  y: number
}

/** The tables as boxes, what happens on the left, what it refers to on the right; a line for each pair that refers. */
export function joinGraph({ tables, references }: ProfileReport): Markup {
  const linked = tables.filter(({ name }) =>
    references.some((reference) => reference.table === name || reference.to.table === name),
  )
  if (linked.length < 2) return html``
  const placed = place(linked, references)
  const width = Math.max(...placed.map(({ x }) => x)) + BOX.width + MARGIN
  const height = Math.max(...placed.map(({ y }) => y)) + BOX.height + MARGIN
  const pairs = new Map<string, { from: Placed; to: Placed; broken: boolean; what: string[] }>()
  for (const reference of references) {
    const from = placed.find(({ table }) => table.name === reference.table)
    const to = placed.find(({ table }) => table.name === reference.to.table)
    if (from === undefined || to === undefined) continue
    const key = `${reference.table}\n${reference.to.table}`
    const pair = pairs.get(key) ?? { from, to, broken: false, what: [] }
    pair.broken ||= reference.orphans > 0
    pair.what.push(`${reference.table}.${reference.column} → ${reference.to.table}.${reference.to.column}`)
    pairs.set(key, pair)
  }
  return html`<div class="scroll"><svg class="graph" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Which table refers to which">
<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker></defs>
${[...pairs.values()].map(line)}
${placed.map(box)}
</svg></div>`
}

/** A table's column in the picture: one more than the longest way to it. Circles are cut where they close. */
function place(tables: readonly TableProfile[], references: ProfileReport["references"]): Placed[] {
  const depths = new Map<string, number>()
  const depth = (name: string, above: readonly string[]): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    const referrers = references
      .filter(({ to, table }) => to.table === name && table !== name && !above.includes(table))
      .map(({ table }) => depth(table, [...above, name]) + 1)
    const found = Math.max(0, ...referrers)
    if (above.length === 0) depths.set(name, found)
    return found
  }
  const columns = new Map<number, TableProfile[]>()
  for (const table of tables) {
    const at = depth(table.name, [])
    columns.set(at, [...(columns.get(at) ?? []), table])
  }
  const tallest = Math.max(...[...columns.values()].map(({ length }) => length))
  return [...columns].flatMap(([at, inColumn]) =>
    inColumn.map((table, i) => ({
      table,
      x: MARGIN + at * (BOX.width + GAP.x),
      // Every second column is half a box lower, so that a line to the next but one passes between boxes.
      y: MARGIN + (i + Math.floor((tallest - inColumn.length) / 2) + (at % 2) / 2) * (BOX.height + GAP.y),
    })),
  )
}

function box({ table, x, y }: Placed): Markup {
  const name = Array.from(table.name)
  const short = name.length > 22 ? `${name.slice(0, 21).join("")}…` : table.name
  return html`<a href="#${anchor(table.name)}"><g class="box ${table.verdict.include ? table.verdict.role : "out"}"><title>${table.name}</title>
<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8"/>
<text x="${x + 12}" y="${y + 20}">${short}</text><text class="small" x="${x + 12}" y="${y + 36}">${count(table.rows)} rows${table.verdict.include ? "" : " · left out"}</text></g></a>`
}

function line({
  from,
  to,
  broken,
  what,
}: {
  from: Placed
  to: Placed
  broken: boolean
  what: string[]
}): Markup {
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 }
  const end = { x: to.x, y: to.y + BOX.height / 2 }
  const forward = end.x > start.x
  const [x1, x2] = forward ? [start.x, end.x] : [from.x + BOX.width / 2, to.x + BOX.width / 2]
  const bend = forward ? (x2 - x1) / 2 : 0
  const path = `M${x1} ${start.y} C${x1 + bend} ${start.y} ${x2 - bend} ${end.y} ${x2} ${end.y}`
  return html`<path class="edge${broken ? " broken" : ""}" d="${path}" marker-end="url(#arrow)"><title>${what.join("\n")}</title></path>`
}

/** A name as the id of a section: letters and digits, and the numbers of all other characters. */
export function anchor(name: string): string {
  return `table-${name.replaceAll(/[^\p{L}\p{N}]/gu, (character) => `-${character.codePointAt(0)?.toString(16)}`)}`
}
