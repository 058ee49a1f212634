export interface StoredTable {
  /** BigQuery's type of each column. */
  types: Map<string, string>
  /** E.g. ``month of `sold_at` ``; empty for none. */
  partition: string
  clusters: string[]
}

/** What docs/data-model/physical.md says of BigQuery, by table; its own columns only, not those for the pipeline's use. */
export function readPhysicalPage(page: string): Map<string, StoredTable> {
  const tables = new Map<string, StoredTable>()
  const cells = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim())
  const bare = (cell: string) => cell.replaceAll("`", "")
  let table = ""
  for (const line of page.split("\n")) {
    const title = /^#### `[^.]+\.(.+)`$/.exec(line)?.[1]
    if (title !== undefined) table = title
    if (!line.startsWith("| `")) continue
    const [first = "", ...rest] = cells(line)
    if (rest.length === 6) {
      const name = bare(first).replace(/^[^.]+\./, "")
      const clusters = bare(rest[3] ?? "")
        .split(", ")
        .filter((cluster) => cluster !== "")
      tables.set(name, { types: new Map(), partition: rest[2] ?? "", clusters })
    } else tables.get(table)?.types.set(bare(first), rest.at(-1) ?? "")
  }
  return tables
}
