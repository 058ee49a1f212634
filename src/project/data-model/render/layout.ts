import type { Box, Diagram, Line } from "../diagram.ts"

/** Pixels of a letter of the diagrams' fixed-width type, 12 px high. */
const LETTER = 7.3
const PADDING = 10
const HEAD = 28
const FIELD = 18
/** Between a column of boxes and the next one: room for lines and what they are called. */
const GAP = 250
const BELOW = 18
/** Between lines at the side of a box. */
const BESIDE = 16

export interface PlacedBox extends Box {
  x: number
  y: number
  width: number
  height: number
}

export interface Point {
  x: number
  y: number
  /** Which way the line leaves the box: 1 to the right, -1 to the left. */
  direction: 1 | -1
}

export interface PlacedLine extends Line {
  start: Point
  end: Point
}

export interface Layout {
  width: number
  height: number
  boxes: PlacedBox[]
  lines: PlacedLine[]
}

/** Three columns: what the facts refer to stands left and right of them. */
export function layoutOf({ boxes, lines }: Diagram): Layout {
  const middle = boxes.filter((box) => box.middle)
  const around = boxes
    .filter((box) => !box.middle)
    .sort((a, b) => pull(a, middle, lines) - pull(b, middle, lines))
  const columns = [around.filter((_, i) => i % 2 === 0), middle, around.filter((_, i) => i % 2 === 1)]
  const heights = boxHeights(columns, lines)
  const heightOf = (column: readonly Box[]) =>
    column.reduce((sum, { id }) => sum + (heights.get(id) ?? HEAD) + BELOW, 0)
  const height = Math.max(...columns.map(heightOf))
  const placed: PlacedBox[] = []
  let x = PADDING
  for (const column of columns.filter(({ length }) => length > 0)) {
    const width = Math.max(...column.map(widthOf))
    const space = (height - heightOf(column)) / column.length
    let y = PADDING + space / 2
    for (const box of column) {
      const tall = heights.get(box.id) ?? HEAD
      placed.push({ ...box, x, y, width, height: tall })
      y += tall + BELOW + space
    }
    x += width + GAP
  }
  return {
    width: x - GAP + PADDING + LOOP,
    height: height + 2 * PADDING,
    boxes: placed,
    lines: placedLines(lines, placed),
  }
}

/** How far a line between two boxes of one column swings out. */
export const LOOP = 60

/** The mean place of the facts that refer to a box: boxes of the same facts come to stand together. */
function pull(box: Box, middle: readonly Box[], lines: readonly Line[]): number {
  const places = lines.flatMap(({ from, to }) =>
    to === box.id ? middle.flatMap(({ id }, i) => (id === from ? i : [])) : [],
  )
  return places.length === 0 ? 0 : places.reduce((sum, place) => sum + place, 0) / places.length
}

/** High enough for the fields of a box, and for the lines at its sides with what they are called. */
function boxHeights(columns: readonly (readonly Box[])[], lines: readonly Line[]): Map<string, number> {
  const columnOf = new Map(columns.flatMap((column, i) => column.map(({ id }) => [id, i] as const)))
  const ends = lines.flatMap(({ from, to }) => {
    const [start = 0, end = 0] = [columnOf.get(from), columnOf.get(to)]
    return [`${from} ${start <= end}`, `${to} ${end <= start}`]
  })
  return new Map(
    columns.flat().map(({ id, fields }) => {
      const beside = Math.max(
        ...[true, false].map((side) => ends.filter((end) => end === `${id} ${side}`).length),
      )
      const within = HEAD + (fields.length === 0 ? 0 : fields.length * FIELD + 6)
      return [id, Math.max(within, (beside + 1) * BESIDE)]
    }),
  )
}

function widthOf({ title, fields }: Box): number {
  const letters = fields.map(({ name, type, key }) => name.length + type.length + key.length + 4)
  return Math.ceil(Math.max(title.length + 2, ...letters) * LETTER) + 2 * PADDING
}

/** Where the field with this number is written, from the top of its box. */
export function fieldOffset(index: number): number {
  return HEAD + index * FIELD + 14
}

/** Lines leave and reach a side of a box at places of their own, in the order of where they go. */
function placedLines(lines: readonly Line[], boxes: readonly PlacedBox[]): PlacedLine[] {
  const box = (id: string) => boxes.find((each) => each.id === id)
  const ends = lines.flatMap((line) => {
    const [from, to] = [box(line.from), box(line.to)]
    if (from === undefined || to === undefined) return []
    const direction: 1 | -1 = to.x < from.x ? -1 : 1
    const back: 1 | -1 = to.x === from.x ? 1 : direction === 1 ? -1 : 1
    return [{ line, from, to, direction, back }]
  })
  const sides = new Map<string, { of: number; other: number }[]>()
  const add = (id: string, side: number, of: number, other: PlacedBox) => {
    const key = `${id} ${side}`
    const list = sides.get(key) ?? []
    list.push({ of, other: other.y + other.height / 2 })
    sides.set(key, list)
  }
  for (const [i, { from, to, direction, back }] of ends.entries()) {
    add(from.id, direction, i * 2, to)
    add(to.id, back, i * 2 + 1, from)
  }
  const height = ({ id, y, height: tall }: PlacedBox, side: number, of: number): number => {
    const list = (sides.get(`${id} ${side}`) ?? []).toSorted((a, b) => a.other - b.other)
    const place = list.findIndex((each) => each.of === of)
    return y + (tall * (place + 1)) / (list.length + 1)
  }
  return ends.map(({ line, from, to, direction, back }, i) => ({
    ...line,
    start: { x: edge(from, direction), y: height(from, direction, i * 2), direction },
    end: { x: edge(to, back), y: height(to, back, i * 2 + 1), direction: back },
  }))
}

function edge({ x, width }: PlacedBox, direction: 1 | -1): number {
  return direction === 1 ? x + width : x
}
