import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml"
import type { ConfigProblem } from "./config-error.ts"

/** A YAML text with the place of everything in it. */
export interface YamlText {
  value: unknown
  /** Errors of the YAML itself. */
  problems: ConfigProblem[]
  /** Where the value of a path is; for a path that is not there, its nearest parent. */
  valueAt: (path: readonly PropertyKey[]) => Position
  /** Where the key of a path is written. */
  keyAt: (path: readonly PropertyKey[]) => Position
}

export interface Position {
  line: number
  column: number
}

/** Reads YAML 1.2. A key without a value counts as not written. */
export function readYamlText(text: string): YamlText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const offsetOf = (path: readonly PropertyKey[], wanted: "key" | "value"): number => {
    let node: unknown = document.contents
    let offset = 0
    for (const [depth, part] of path.entries()) {
      const last = depth === path.length - 1
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part))
        if (pair === undefined) return offset
        const keyOffset = startOf(pair.key) ?? offset
        offset = last && wanted === "key" ? keyOffset : (startOf(pair.value) ?? keyOffset)
        if (!last) offset = keyOffset
        node = pair.value
      } else if (isSeq(node)) {
        node = node.items[Number(part)]
        offset = startOf(node) ?? offset
      } else return offset
    }
    return offset
  }
  return {
    value: withoutEmpty(document.errors.length > 0 ? undefined : document.toJS()),
    problems: document.errors.map((error) => ({
      ...position(error.pos[0]),
      path: "",
      offence: `cannot read the YAML: ${error.message.split("\n")[0]}`,
      choices: [],
    })),
    valueAt: (path) => position(offsetOf(path, "value")),
    keyAt: (path) => position(offsetOf(path, "key")),
  }
}

function startOf(node: unknown): number | undefined {
  const range = (node as { range?: [number, number, number] | null } | null)?.range
  return range?.[0]
}

/** A value without the keys that have none. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (value === null || typeof value !== "object") return value
  const entries = Object.entries(value).filter(([, entry]) => entry !== null)
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutEmpty(entry)]))
}
