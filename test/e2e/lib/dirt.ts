import { readFileSync } from "node:fs"
import { join } from "node:path"

/** A line of `.truth/dirt.ndjson`. */
export interface Defect {
  kind: string
  table: string
  file: string
  line: number
  key: string | null
  column: string | null
  original: string | null
  planted: string | null
}

/** A screen that fails in a record, as text: `orders.user_exists orders.csv:17`. */
export type Finding = string

export function readDefects(files: string): Defect[] {
  return readFileSync(join(files, ".truth", "dirt.ndjson"), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Defect)
}

const KEYS: Record<string, string> = {
  users: "user_id",
  products: "product_id",
  orders: "order_id",
  order_items: "order_item_id",
  events: "event_id",
}

/** The screen that is there for a kind of defect. */
export function screenOf({ kind, table, column }: Pick<Defect, "kind" | "table" | "column">): string {
  const screens: Record<string, string> = {
    badDate: "created_at_readable",
    futureDate: "created_at_not_in_future",
    negativePrice: `${column ?? ""}_not_negative`,
    orphan: `${(column ?? "").replace(/_id$/, "")}_exists`,
    exactDuplicate: `${KEYS[table] ?? ""}_unique`,
    changedDuplicate: `${KEYS[table] ?? ""}_unique`,
    wrongFieldCount: "readable_line",
    unclosedQuote: "readable_line",
    invalidBytes: "readable_line",
    nullKey: `${KEYS[table] ?? ""}_readable`,
    contradictoryStatus: "status_matches_times",
    wrongItemCount: "item_count_agrees",
    shippedBeforeCreated: "shipped_after_created",
    impossibleAge: "age_plausible",
    badEmail: "email_form",
  }
  return screens[kind] ?? kind
}

export function findingOf(defect: Defect): Finding {
  return `${defect.table}.${screenOf(defect)} ${defect.file}:${defect.line}`
}

/**
 * What the defects bring about elsewhere, told from the files alone: a record that names one which a defect made unreadable
 * or keyless, and an order that lost an item. Where a key comes twice, the last of its lines counts.
 */
export function consequences(files: string, defects: readonly Defect[]): Set<Finding> {
  const tables = Object.fromEntries(
    Object.keys(KEYS).map((table) => [table, readTable(files, table, defects)]),
  )
  const ids = (table: string) => new Set(tables[table]?.all.map((row) => row["id"] ?? row["order_id"] ?? ""))
  const found = new Set<Finding>()
  for (const [child, column, parent] of [
    ["orders", "user_id", "users"],
    ["order_items", "user_id", "users"],
    ["order_items", "order_id", "orders"],
    ["order_items", "product_id", "products"],
    ["events", "user_id", "users"],
  ] as const) {
    const known = ids(parent)
    for (const row of tables[child]?.current ?? []) {
      const named = row[column] ?? ""
      if (named !== "" && !known.has(named))
        found.add(`${child}.${column.replace(/_id$/, "")}_exists ${child}.csv:${row["line"]}`)
    }
  }
  const items = new Map<string, Set<string>>()
  for (const row of tables["order_items"]?.counted ?? []) {
    const order = row["order_id"] ?? ""
    items.set(order, (items.get(order) ?? new Set<string>()).add(row["id"] || `line ${row["line"]}`))
  }
  for (const row of tables["orders"]?.current ?? []) {
    if (Number(row["num_of_item"]) !== (items.get(row["order_id"] ?? "")?.size ?? 0))
      found.add(`orders.item_count_agrees orders.csv:${row["line"]}`)
  }
  for (const row of tables["products"]?.news ?? []) {
    if (row["name"] === "") found.add(`products.name_present products.csv:${row["line"]}`)
    if (row["brand"] === "") found.add(`products.brand_present products.csv:${row["line"]}`)
  }
  return found
}

interface Table {
  /** Records, the unreadable ones aside. */
  all: Record<string, string>[]
  /** Of each key the last record that has no unreadable time and no empty key. */
  current: Record<string, string>[]
  /** The current records, and those that are rejected and whose key has no other. */
  counted: Record<string, string>[]
  /** All of them that are readable; what repeats an earlier record in all columns too. */
  news: Record<string, string>[]
}

/** Reads a file line by line with a reader of its own; no field of these files has a line end. */
function readTable(files: string, table: string, defects: readonly Defect[]): Table {
  const lines = readFileSync(join(files, `${table}.csv`), "latin1")
    .trimEnd()
    .split("\n")
  const header = (lines[0] ?? "").split(",")
  const of = (...kinds: string[]) =>
    new Set(
      defects.filter((each) => each.table === table && kinds.includes(each.kind)).map(({ line }) => line),
    )
  const broken = of("wrongFieldCount", "unclosedQuote", "invalidBytes")
  // A user without a time of signing up is used; an order or event without its time is not.
  const rejected = of("nullKey", ...(table === "users" ? [] : ["badDate"]))
  const all = lines.slice(1).flatMap((text, index) => {
    const line = index + 2
    if (broken.has(line)) return []
    const values = fields(text)
    return [{ ...Object.fromEntries(header.map((name, i) => [name, values[i] ?? ""])), line: String(line) }]
  }) as Record<string, string>[]
  const key = header[0] ?? ""
  const last = new Map<string, Record<string, string>>()
  for (const row of all) if (!rejected.has(Number(row["line"]))) last.set(row[key] ?? "", row)
  const current = [...last.values()]
  const others = all.filter((row) => rejected.has(Number(row["line"])) && !last.has(row[key] ?? ""))
  return { all, current, counted: [...current, ...others], news: all }
}

function fields(line: string): string[] {
  const parts: string[] = []
  let part = ""
  let quoted = false
  for (const character of line) {
    if (character === '"') quoted = !quoted
    else if (character === "," && !quoted) {
      parts.push(part)
      part = ""
    } else part += character
  }
  return [...parts, part]
}
