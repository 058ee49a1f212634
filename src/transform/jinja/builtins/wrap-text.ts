import { textLength } from "../values/text.ts"

interface WrapOptions {
  width: number
  breakLongWords: boolean
  breakOnHyphens: boolean
}

/** Python's `textwrap.wrap` of one line, blanks at line ends dropped. */
export function wrapText(line: string, options: WrapOptions): string[] {
  const chunks = (options.breakOnHyphens ? hyphenChunks(line) : line.split(/(\s+)/)).filter(
    (chunk) => chunk !== "",
  )
  chunks.reverse()
  const lines: string[] = []
  while (chunks.length > 0) {
    if (lines.length > 0 && isBlank(chunks.at(-1))) chunks.pop()
    const current: string[] = []
    let used = 0
    while (chunks.length > 0 && used + textLength(chunks.at(-1) ?? "") <= options.width) {
      const chunk = chunks.pop() ?? ""
      used += textLength(chunk)
      current.push(chunk)
    }
    if (chunks.length > 0 && textLength(chunks.at(-1) ?? "") > options.width) {
      takeLongWord(chunks, current, options.width - used, options)
    }
    if (isBlank(current.at(-1))) current.pop()
    if (current.length > 0) lines.push(current.join(""))
    else if (chunks.length > 0 && options.width < 1) break
  }
  return lines
}

const isBlank = (chunk: string | undefined): boolean => chunk !== undefined && chunk.trim() === ""

function takeLongWord(chunks: string[], current: string[], room: number, options: WrapOptions): void {
  const space = options.width < 1 ? 1 : room
  if (options.breakLongWords) {
    const chars = Array.from(chunks.pop() ?? "")
    let end = space
    if (options.breakOnHyphens && chars.length > space) {
      const hyphen = chars.slice(0, space).lastIndexOf("-")
      if (hyphen > 0 && chars.slice(0, hyphen).some((char) => char !== "-")) end = hyphen + 1
    }
    current.push(chars.slice(0, end).join(""))
    const rest = chars.slice(end).join("")
    if (rest !== "") chunks.push(rest)
  } else if (current.length === 0) current.push(chunks.pop() ?? "")
}

/** Where a word may be parted: after the hyphen between letters, before and after a dash of several hyphens. */
const PARTS =
  /(?<=[\p{L}_][\p{L}\d_]*-)(?=[\p{L}_][\p{L}\d_])|(?<=[\p{L}\d_])(?=-{2,}[\p{L}\d_])|(?<=[\p{L}\d_]-{2,})(?=[\p{L}\d_])/u

function hyphenChunks(line: string): string[] {
  return line.split(/(\s+)/).flatMap((word) => (/^\s/.test(word) ? [word] : word.split(PARTS)))
}
