import { PythonError } from "../errors.ts"
import { hasAstral, sliceText, textLength } from "./text.ts"

/** What Python takes for white space in `split`, `strip` and `isspace`. */
// oxlint-disable-next-line no-control-regex
export const SPACE = /[\t-\r\x1c-\x20\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

const isSpace = (code: number): boolean =>
  code === 32 ||
  (code > 8 && code < 14) ||
  ((code > 127 || (code > 27 && code < 32)) && SPACE.test(String.fromCharCode(code)))

const LEADING = new RegExp(`^${SPACE.source}+`)
const RUNS = new RegExp(`${SPACE.source}+`)

/** Python's `rstrip()`. */
export function stripEnd(self: string): string {
  let end = self.length
  while (end > 0 && isSpace(self.charCodeAt(end - 1))) end--
  return self.slice(0, end)
}

export function strip(self: string, chars: string | undefined, left: boolean, right: boolean): string {
  if (chars === undefined) {
    const stripped = right ? stripEnd(self) : self
    return left ? stripped.replace(LEADING, "") : stripped
  }
  const set = new Set(chars)
  const all = Array.from(self)
  let start = 0
  let end = all.length
  if (left) while (start < end && set.has(all[start] ?? "")) start++
  if (right) while (end > start && set.has(all[end - 1] ?? "")) end--
  return all.slice(start, end).join("")
}

export function split(self: string, separator: string | undefined, max: number): string[] {
  if (separator === undefined) return splitSpace(self, max)
  const parts = self.split(separator)
  if (max < 0 || parts.length <= max + 1) return parts
  return [...parts.slice(0, max), parts.slice(max).join(separator)]
}

function splitSpace(self: string, max: number): string[] {
  const stripped = self.replace(LEADING, "")
  if (max < 0) {
    const parts = stripEnd(stripped).split(RUNS)
    return parts.length === 1 && parts[0] === "" ? [] : parts
  }
  const parts: string[] = []
  let rest = stripped
  while (rest !== "") {
    const gap = parts.length < max ? RUNS.exec(rest) : null
    if (gap === null) {
      parts.push(parts.length < max ? rest : stripEnd(rest))
      break
    }
    parts.push(rest.slice(0, gap.index))
    rest = rest.slice(gap.index + gap[0].length)
  }
  return parts
}

export function rsplit(self: string, separator: string | undefined, max: number): string[] {
  if (max < 0) return split(self, separator, max)
  if (separator !== undefined) {
    const parts = self.split(separator)
    if (parts.length <= max + 1) return parts
    const head = parts.slice(0, parts.length - max)
    return [head.join(separator), ...parts.slice(parts.length - max)]
  }
  const parts: string[] = []
  let rest = stripEnd(self)
  while (rest !== "") {
    let start = rest.length
    if (parts.length < max) while (start > 0 && !SPACE.test(rest.charAt(start - 1))) start--
    else start = 0
    const part = rest.slice(start)
    parts.unshift(start === 0 ? part.replace(LEADING, "") : part)
    rest = stripEnd(rest.slice(0, start))
  }
  return parts.filter((part, i) => part !== "" || i > 0)
}

/** Python's line boundaries, more than \n. */
// oxlint-disable-next-line no-control-regex
const LINE_END = /\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g

export function splitLines(self: string, keepEnds: boolean): string[] {
  const lines: string[] = []
  let from = 0
  for (const match of self.matchAll(LINE_END)) {
    const end = match.index + match[0].length
    lines.push(self.slice(from, keepEnds ? end : match.index))
    from = end
  }
  if (from < self.length) lines.push(self.slice(from))
  return lines
}

export function partition(self: string, separator: string): string[] {
  const at = self.indexOf(separator)
  return at < 0 ? [self, "", ""] : [self.slice(0, at), separator, self.slice(at + separator.length)]
}

export function rpartition(self: string, separator: string): string[] {
  const at = self.lastIndexOf(separator)
  return at < 0 ? ["", "", self] : [self.slice(0, at), separator, self.slice(at + separator.length)]
}

export function replace(self: string, old: string, by: string, max: number): string {
  if (max < 0) return self.replaceAll(old, () => by)
  if (old === "") {
    const all = Array.from(self)
    const inserted = Math.min(max, all.length + 1)
    return (
      all.map((char, i) => (i < inserted ? by + char : char)).join("") + (inserted > all.length ? by : "")
    )
  }
  return split(self, old, max).join(by)
}

/** Python centres with the odd place on the left where the width is odd. */
export function center(self: string, width: number, fill: string): string {
  const missing = width - textLength(self)
  if (missing <= 0) return self
  const left = Math.floor(missing / 2) + (missing & width & 1)
  return fill.repeat(left) + self + fill.repeat(missing - left)
}

export function expandTabs(self: string, size: number): string {
  let column = 0
  let result = ""
  for (const char of self) {
    if (char === "\t") {
      const spaces = size > 0 ? size - (column % size) : 0
      result += " ".repeat(spaces)
      column += spaces
    } else {
      result += char
      column = char === "\n" || char === "\r" ? 0 : column + 1
    }
  }
  return result
}

/** The clamped bounds of a search, in code points. */
function bounds(length: number, start: number | undefined, end: number | undefined): [number, number] {
  const from = start === undefined ? 0 : start < 0 ? Math.max(0, start + length) : start
  const to = end === undefined ? length : end < 0 ? end + length : Math.min(end, length)
  return [from, to]
}

/** The part to search; undefined where the bounds exclude even an empty match. */
export function sliced(self: string, start: number | undefined, end: number | undefined): string | undefined {
  if (start === undefined && end === undefined) return self
  const [from, to] = bounds(textLength(self), start, end)
  return from > to ? undefined : sliceText(self, from, to)
}

export function find(self: string, sub: string, start?: number, end?: number): number {
  return finding(self, sub, start, end, (part) => part.indexOf(sub))
}

export function rfind(self: string, sub: string, start?: number, end?: number): number {
  return finding(self, sub, start, end, (part) => part.lastIndexOf(sub))
}

function finding(
  self: string,
  _sub: string,
  start: number | undefined,
  end: number | undefined,
  search: (part: string) => number,
): number {
  const part = sliced(self, start, end)
  if (part === undefined) return -1
  const at = search(part)
  if (at < 0) return -1
  const [from] = bounds(textLength(self), start, end)
  return from + (hasAstral(part) ? textLength(part.slice(0, at)) : at)
}

export function count(self: string, sub: string, start?: number, end?: number): number {
  const part = sliced(self, start, end)
  if (part === undefined) return 0
  return sub === "" ? textLength(part) + 1 : part.split(sub).length - 1
}

/** Guards a slice step. */
export function nonZeroStep(step: number): number {
  if (step === 0) throw new PythonError("ValueError", "slice step cannot be zero")
  return step
}
