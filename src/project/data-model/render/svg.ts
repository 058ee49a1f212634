import { escaped } from "../../../core/markup.ts"
import type { Diagram } from "../diagram.ts"
import { fieldOffset, layoutOf, LOOP, type PlacedBox, type PlacedLine, type Point } from "./layout.ts"

const LONGEST_LABEL = 26

/**
 * A diagram as SVG that stands by itself. Colours come from the page's style; pointing at a box fades the lines of others.
 * @param prefix makes ids unique on the page
 */
export function svg(diagram: Diagram, prefix: string): string {
  const { width, height, boxes, lines } = layoutOf(diagram)
  const number = new Map(boxes.map(({ id }, i) => [id, i]))
  const idOf = (id: string) => `${prefix}-${number.get(id) ?? 0}`
  const rules = boxes.map(({ id }) => `svg:has(#${idOf(id)}:hover) .${idOf(id)} { opacity: 1 }`)
  return [
    `<svg class="diagram" role="img" aria-label="${escaped(diagram.title)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg">`,
    `<style>svg:has(.box:hover) .line { opacity: 0.12 } ${rules.join(" ")}</style>`,
    ...lines.map((line) => lineSvg(line, `line ${idOf(line.from)} ${idOf(line.to)}`)),
    ...boxes.map((box) => boxSvg(box, idOf(box.id))),
    "</svg>",
  ].join("\n")
}

function boxSvg({ x, y, width, height, title, middle, fields }: PlacedBox, id: string): string {
  const rows = fields.map(({ name, type, key }, i) => {
    const at = y + fieldOffset(i)
    return `<text x="${x + 10}" y="${at}" class="field">${escaped(name)}</text><text x="${x + width - 10}" y="${at}" class="type">${escaped([key, type].join(" ").trim())}</text>`
  })
  return [
    `<g id="${id}" class="box${middle ? " middle" : ""}">`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>`,
    `<text x="${x + 10}" y="${y + 19}" class="title">${escaped(title)}</text>`,
    ...rows,
    "</g>",
  ].join("")
}

function lineSvg({ from, to, label, single, start, end }: PlacedLine, classes: string): string {
  const swing = (point: Point) => point.x + point.direction * (start.x === end.x ? LOOP : 70)
  const path = `M${start.x} ${round(start.y)} C${swing(start)} ${round(start.y)} ${swing(end)} ${round(end.y)} ${end.x} ${round(end.y)}`
  const shown = label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label
  const anchor = end.direction === 1 ? "start" : "end"
  return [
    `<g class="${classes}">`,
    `<title>${escaped(`${from} ${label} ${to}`)}</title>`,
    `<path d="${path}"/>`,
    single ? bar(start) : fork(start),
    bar(end),
    `<text x="${end.x + end.direction * 14}" y="${round(end.y - 4)}" text-anchor="${anchor}">${escaped(shown)}</text>`,
    "</g>",
  ].join("")
}

/** Many. */
function fork({ x, y, direction }: Point): string {
  const tip = x + direction * 11
  return `<path d="M${x} ${round(y - 5)} L${tip} ${round(y)} L${x} ${round(y + 5)}"/>`
}

/** One. */
function bar({ x, y, direction }: Point): string {
  const at = x + direction * 7
  return `<path d="M${at} ${round(y - 5)} V${round(y + 5)}"/>`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
