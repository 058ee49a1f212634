import { query } from "./bench.ts"
import { differing, jsonRows, type Prints, printsOf, relationsIn, rowDifferences, rowsOf } from "./tables.ts"
import type { ScopeName } from "./tables.ts"

/**
 * What is wrong now; what was wrong once is history. Which of several equal lines without a key is the one that is still
 * there is open, so for those the line's place does not count.
 */
const OPEN_ERRORS = `select source_name, data_set, screen_name, column_name, record_key, offending_value, is_rejected,
  case when record_key is not null then concat_ws(' ', landing_id, row_number, first_seen_at) end as place
  from quality.error_event_details where is_open`

/** What a warehouse holds, in so far as others are compared with it. */
export interface Contents {
  path: string
  prints: Record<ScopeName, Prints>
  openErrors: string[]
}

export async function contentsOf(path: string): Promise<Contents> {
  return query(path, async (session) => ({
    path,
    prints: await printsOf(session, await relationsIn(session)),
    openErrors: await jsonRows(session, OPEN_ERRORS),
  }))
}

/** Two warehouses under the names that messages call them by. */
type Sides = Record<string, Contents>

/** In which open errors two warehouses differ. */
export function unequalErrors(what: string, sides: Sides): string[] {
  const [labels, contents] = inOrder(sides)
  const differences = rowDifferences(contents[0].openErrors, contents[1].openErrors, labels)
  return differences.length === 0 ? [] : [[what, ...differences].join("\n")]
}

/** In what two warehouses differ: the tables, those nearest to bronze first, and some rows of the first of them. */
export async function unequal(what: string, scope: ScopeName, sides: Sides): Promise<string[]> {
  const [labels, [left, right]] = inOrder(sides)
  const names = differing(left.prints[scope], right.prints[scope])
  if (names.length === 0) return []
  const shown: string[] = []
  for (const name of names.slice(0, 3)) {
    const rows = ({ path }: Contents) => query(path, (session) => rowsOf(session, name, scope))
    shown.push(`${name}:`, ...rowDifferences(await rows(left), await rows(right), labels))
  }
  return [`${what}: ${names.join(", ")}\n${shown.join("\n")}`]
}

function inOrder(sides: Sides): [labels: [string, string], contents: [Contents, Contents]] {
  return [Object.keys(sides), Object.values(sides)] as [[string, string], [Contents, Contents]]
}
