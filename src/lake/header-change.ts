import { byExtraction, type Manifest } from "./manifest.ts"

/** How the columns of a landing differ from those of the landing before it in time, as far as headers tell. */
export interface HeaderChange {
  added: string[]
  dropped: string[]
  /** The same columns come in another order. */
  reordered: boolean
}

/**
 * Compares headers of CSV and schemas of Parquet, which the manifests have; no file is read. Letter case aside.
 * @param known the data set's other landings
 * @returns undefined where nothing differs, there is nothing to compare with, or files tell their columns only object by
 *   object, as JSON does
 */
export function headerChange(landing: Manifest, known: readonly Manifest[]): HeaderChange | undefined {
  const before = known
    .filter((each) => each.landingId !== landing.landingId && byExtraction(each, landing) < 0)
    .sort(byExtraction)
    .at(-1)
  if (before === undefined || !hasHeaders(landing) || !hasHeaders(before)) return undefined
  const [old, fresh] = [columnsOf(before), columnsOf(landing)]
  const added = [...fresh].filter(([name]) => !old.has(name)).map(([, written]) => written)
  const dropped = [...old].filter(([name]) => !fresh.has(name)).map(([, written]) => written)
  const common = (some: ReadonlyMap<string, string>, others: ReadonlyMap<string, string>) =>
    JSON.stringify([...some.keys()].filter((name) => others.has(name)))
  const reordered = common(old, fresh) !== common(fresh, old)
  return added.length > 0 || dropped.length > 0 || reordered ? { added, dropped, reordered } : undefined
}

/** A change as a clause, e.g. "new column tier; without column age". */
export function headerSentence({ added, dropped, reordered }: HeaderChange): string {
  const named = (what: string, columns: readonly string[]) =>
    columns.length === 0 ? [] : [`${what} column${columns.length === 1 ? "" : "s"} ${columns.join(", ")}`]
  const order = reordered ? ["columns in another order"] : []
  return [...named("new", added), ...named("without", dropped), ...order].join("; ")
}

function hasHeaders({ files }: Manifest): boolean {
  return files.every(({ format, header }) => format === "parquet" || (format === "csv" && header))
}

/** The columns of all files, as written, by their name in lower case. */
function columnsOf({ files }: Manifest): Map<string, string> {
  const columns = new Map<string, string>()
  for (const name of files.flatMap((file) => file.columns)) {
    if (!columns.has(name.toLowerCase())) columns.set(name.toLowerCase(), name)
  }
  return columns
}
