import type { Column, Dict } from "../nodes.ts"
import { asDict, asStringList } from "../yaml/yaml.ts"
import { unsupported } from "../errors.ts"

/** The `columns:` of a property file entry, by name. Descriptions stay as written; docs are filled in later. */
export function readColumns(written: unknown, place: () => string): Record<string, Column> {
  const columns: Record<string, Column> = {}
  for (const entry of Array.isArray(written) ? written : []) {
    const dict = asDict(entry)
    if (dict === undefined || dict["name"] === undefined) continue
    const config = asDict(dict["config"]) ?? {}
    const meta = { ...asDict(dict["meta"]), ...asDict(config["meta"]) }
    const tags = [...asStringList(dict["tags"]), ...asStringList(config["tags"])]
    if (dict["constraints"] !== undefined && !Array.isArray(dict["constraints"])) {
      throw unsupported("constraints that are no list", place())
    }
    const name = String(dict["name"])
    columns[name] = {
      name,
      description: String(dict["description"] ?? ""),
      meta,
      data_type:
        dict["data_type"] === undefined || dict["data_type"] === null ? null : String(dict["data_type"]),
      constraints: readConstraints(dict["constraints"]),
      quote: typeof dict["quote"] === "boolean" ? dict["quote"] : null,
      config: { ...config, meta, tags },
      tags: [...new Set(tags)],
      granularity: typeof dict["granularity"] === "string" ? dict["granularity"] : null,
      doc_blocks: [],
    }
  }
  return columns
}

/** Constraints with all their fields. They have no effect where no contract is enforced. */
export function readConstraints(written: unknown): unknown[] {
  return (Array.isArray(written) ? written : []).map((constraint) => ({
    type: null,
    name: null,
    expression: null,
    warn_unenforced: true,
    warn_unsupported: true,
    to: null,
    to_columns: [],
    ...asDict(constraint),
  }))
}

/** The tests of one column with the tags that they inherit. */
export interface ColumnTests {
  columnName: string
  tags: string[]
  tests: unknown[]
}

/** The tests of the columns of an entry, in their order. */
export function columnTests(written: unknown, quoteColumns: boolean): ColumnTests[] {
  const found: ColumnTests[] = []
  for (const entry of Array.isArray(written) ? written : []) {
    const dict = asDict(entry)
    const tests = dict === undefined ? [] : testsOf(dict)
    if (dict === undefined || tests.length === 0) continue
    const name = String(dict["name"])
    const quoted = dict["quote"] === true || (dict["quote"] !== false && quoteColumns)
    const tags = [...asStringList(dict["tags"]), ...asStringList(asDict(dict["config"])?.["tags"])]
    found.push({ columnName: quoted ? `"${name}"` : name, tags, tests })
  }
  return found
}

/** `data_tests:`, or `tests:` as it was called. */
export function testsOf(entry: Dict): unknown[] {
  const tests = entry["data_tests"] ?? entry["tests"]
  return Array.isArray(tests) ? tests : []
}
