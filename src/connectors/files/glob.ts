/**
 * A glob as a test on relative paths: `*` and `?` stay within a folder, `**` crosses folders, `[ab]` and `{a,b}` choose.
 * A path without any of them names a file, or a folder with all that is in it.
 */
export function globMatcher(pattern: string): (path: string) => boolean {
  const plain = pattern.replace(/^\.\//, "").replace(/\/+$/, "")
  if (plain === "" || plain === ".") return () => true
  if (!/[*?[{]/.test(plain)) return (path) => path === plain || path.startsWith(`${plain}/`)
  const expression = new RegExp(`^${translate(plain)}$`, "u")
  return (path) => expression.test(path)
}

/** The beginning of every path that a glob matches, as far as it is without choice. */
export function fixedBeginning(pattern: string): string {
  const plain = pattern.replace(/^\.\//, "").replace(/\/+$/, "")
  return plain === "." ? "" : plain.slice(0, plain.search(/[*?[{]|$/))
}

function translate(pattern: string): string {
  let out = ""
  let depth = 0
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i] as string
    if (pattern.startsWith("**/", i)) {
      out += "(?:.*/)?"
      i += 2
    } else if (pattern.startsWith("**", i)) {
      out += ".*"
      i += 1
    } else if (character === "*") out += "[^/]*"
    else if (character === "?") out += "[^/]"
    else if (character === "[" && pattern.indexOf("]", i + 2) > 0) {
      const end = pattern.indexOf("]", i + 2)
      const body = pattern
        .slice(i + 1, end)
        .replace(/^!/, "^")
        .replace(/[\\[\]]/g, "\\$&")
      out += `[${body}]`
      i = end
    } else if (character === "{") {
      out += "(?:"
      depth++
    } else if (character === "}" && depth > 0) {
      out += ")"
      depth--
    } else if (character === "," && depth > 0) out += "|"
    else out += character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&")
  }
  return out + ")".repeat(depth)
}
