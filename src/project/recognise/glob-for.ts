import { globMatcher } from "../../connectors/files/glob.ts"

/**
 * The plainest glob that matches the chosen files and none of the others.
 * @param chosen paths relative to the source's folder, at least one
 * @param all every path of the folder
 */
export function globFor(chosen: readonly string[], all: readonly string[]): string {
  const [first = "", ...rest] = chosen
  const candidates =
    rest.length === 0 ? [ofAnyDay(first), first] : [...generalised(chosen), `{${chosen.join(",")}}`]
  const wanted = [...chosen].sort().join("\n")
  return (
    candidates.find((glob) => all.filter(globMatcher(glob)).sort().join("\n") === wanted) ??
    `{${chosen.join(",")}}`
  )
}

/** After the delivery of one day there will be those of others. */
function ofAnyDay(path: string): string {
  return path.replaceAll(/(?<=^|\/)date=\d{8}(?=\/)/g, "date=*")
}

/** Globs that let vary what differs between the paths, from the tightest on. */
function generalised(paths: readonly string[]): string[] {
  const split = paths.map((path) => path.split("/"))
  const [first = []] = split
  if (split.some((parts) => parts.length !== first.length)) {
    const names = split.map((parts) => parts.at(-1) ?? "")
    return [`**/${varied(names)}`]
  }
  const levels = first.map((_, i) => varied(split.map((parts) => parts[i] ?? "")))
  return [levels.join("/")]
}

/** What the texts have in common at both ends, with `*` between. */
function varied(texts: readonly string[]): string {
  const [first = ""] = texts
  if (texts.every((text) => text === first)) return first
  let prefix = 0
  while (texts.every((text) => prefix < text.length && text[prefix] === first[prefix])) prefix++
  // Digits that happen to agree belong to what varies.
  while (prefix > 0 && /\d/.test(first[prefix - 1] ?? "")) prefix--
  let suffix = 0
  const shortest = Math.min(...texts.map((text) => text.length))
  while (suffix < shortest - prefix && texts.every((text) => text.at(-1 - suffix) === first.at(-1 - suffix)))
    suffix++
  const end = first.slice(first.length - suffix).replace(/^\d+/, "")
  return `${first.slice(0, prefix)}*${end}`
}
