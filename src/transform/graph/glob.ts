const compiled = new Map<string, RegExp>()

/** Whether text matches a shell pattern as Python's fnmatch does: `*`, `?`, `[seq]`, `[!seq]`; case counts. */
export function fnmatch(text: string, pattern: string): boolean {
  let regex = compiled.get(pattern)
  if (regex === undefined) {
    regex = new RegExp(`^(?:${translate(pattern)})$`, "s")
    compiled.set(pattern, regex)
  }
  return regex.test(text)
}

/** Whether a relative path matches a glob as Python's pathlib does: `**` is any number of folders, `*` stays in one. */
export function globPath(path: string, pattern: string): boolean {
  return matchParts(
    path.split("/"),
    pattern.split("/").filter((part) => part !== "" && part !== "."),
  )
}

function matchParts(parts: readonly string[], patterns: readonly string[]): boolean {
  const [first, ...rest] = patterns
  if (first === undefined) return parts.length === 0
  if (first === "**") {
    for (let i = 0; i <= parts.length; i++) if (matchParts(parts.slice(i), rest)) return true
    return false
  }
  const [head, ...tail] = parts
  return head !== undefined && fnmatch(head, first) && matchParts(tail, rest)
}

function translate(pattern: string): string {
  let regex = ""
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i)
    if (char === "*") regex += ".*"
    else if (char === "?") regex += "."
    else if (char === "[") {
      const end = pattern.indexOf("]", pattern.charAt(i + 1) === "!" ? i + 3 : i + 2)
      if (end < 0) regex += "\\["
      else {
        const body = pattern.slice(i + 1, end).replaceAll("\\", "\\\\")
        regex += body.startsWith("!") ? `[^${body.slice(1)}]` : `[${body.replace(/^\^/, "\\^")}]`
        i = end
      }
    } else regex += char.replace(/[\\^$.|+(){}\]]/g, "\\$&")
  }
  return regex
}
