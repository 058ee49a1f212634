/** A macro, generic test or materialization as its file defines it. */
export interface Definition {
  kind: "macro" | "test" | "materialization" | "other"
  /** Macro's name in the project: tests begin with `test_`. */
  name: string
  /** From the opening tag to the end of the closing one. */
  text: string
  /** 1-based line of the opening tag. */
  line: number
}

const TOKEN =
  /\{#[\s\S]*?#\}|\{%[-+]?\s*raw\s*[-+]?%\}[\s\S]*?\{%[-+]?\s*endraw\s*[-+]?%\}|\{%[-+]?\s*(macro|test|materialization|snapshot|docs)\s+([A-Za-z_]\w*)|\{%[-+]?\s*(end(?:macro|test|materialization|snapshot|docs))\s*[-+]?%\}/g
/** What a tag holds up to its end; strings may hold anything. */
const TAG_REST = /(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?!%\})[^"'])*%\}/y

interface Opening {
  keyword: string
  name: string
  rest: string
  line: number
}

/** Finds the blocks of a macro file without parsing it: only what is called is compiled. */
export function scanDefinitions(source: string): Definition[] {
  const found: Definition[] = []
  const token = new RegExp(TOKEN)
  let open: (Opening & { offset: number }) | undefined
  let line = 1
  let counted = 0
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [whole, keyword, name = "", end] = match
    if (keyword !== undefined && open === undefined) {
      for (; counted < match.index; counted++) if (source.charCodeAt(counted) === 10) line++
      TAG_REST.lastIndex = token.lastIndex
      const rest = TAG_REST.exec(source)?.[0] ?? ""
      open = { keyword, name, rest, line, offset: match.index }
      token.lastIndex += rest.length
    } else if (end !== undefined && open !== undefined && end === `end${open.keyword}`) {
      found.push(definition(open, source.slice(open.offset, match.index + whole.length)))
      open = undefined
    }
  }
  return found
}

function definition({ keyword, name, rest, line }: Opening, text: string): Definition {
  if (keyword === "macro") return { kind: "macro", name, text, line }
  if (keyword === "test") return { kind: "test", name: `test_${name}`, text, line }
  if (keyword === "materialization") {
    const adapter = /adapter\s*=\s*['"](\w+)['"]/.exec(rest)?.[1] ?? "default"
    return { kind: "materialization", name: `materialization_${name}_${adapter}`, text, line }
  }
  return { kind: "other", name, text, line }
}
