import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { readPhysicalPage, type StoredTable } from "./lib/physical-page.ts"
import { ROWS_PER_EVENT } from "./lib/shop-shape.ts"

/** docs/bigquery-cost.md: what queries of a dashboard read in BigQuery, from widths of columns, partitions and rows. */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const physical = readPhysicalPage(readFileSync(join(root, "docs", "data-model", "physical.md"), "utf8"))

/** The months that a shop's history has; its events are spread evenly over them. */
const MONTHS = 48
const DAYS = 1461
const SIZES = [1e6, 1e8, 1e10]

/** Bytes of a value, by https://cloud.google.com/bigquery/pricing#data; a text is reckoned with 20 letters. */
const WIDTHS: Readonly<Record<string, number>> = {
  INT64: 8,
  FLOAT64: 8,
  NUMERIC: 16,
  BOOL: 1,
  DATE: 8,
  TIMESTAMP: 8,
  STRING: 22,
}

type Fact = keyof typeof ROWS_PER_EVENT

/** A table of a report: its columns, and how many rows it has at most. */
interface ReportTable {
  types: Readonly<Record<string, string>>
  rows: (events: number) => number
}

const ENTRIES = {
  sources: 5,
  browsers: 6,
  countries: 16,
  categories: 27,
  pages: 8,
  products: 30_000,
  segments: 11,
}

const REPORTS: Readonly<Record<string, ReportTable>> = {
  report_overview: {
    types: { day: "DATE", net_sales: "NUMERIC", orders: "INT64", sessions: "INT64" },
    rows: () => DAYS * 2,
  },
  report_funnel: {
    types: {
      day: "DATE",
      split_by: "STRING",
      split_value: "STRING",
      sessions_with_product_view: "INT64",
      sessions_with_cart: "INT64",
      sessions_with_purchase: "INT64",
    },
    rows: () => DAYS * (1 + ENTRIES.sources + ENTRIES.browsers + ENTRIES.categories),
  },
  report_behaviour: {
    types: { day: "DATE", traffic_source: "STRING", browser: "STRING", sessions: "INT64" },
    rows: (events) =>
      Math.min(
        events * ROWS_PER_EVENT.fact_sessions,
        DAYS * ENTRIES.sources * ENTRIES.browsers * ENTRIES.countries * ENTRIES.pages,
      ),
  },
  report_products: {
    types: {
      month: "DATE",
      product: "STRING",
      product_id: "STRING",
      net_sales: "NUMERIC",
      units_sold: "INT64",
    },
    rows: (events) => Math.min(events * ROWS_PER_EVENT.fact_sales, MONTHS * ENTRIES.products),
  },
  report_customers: {
    types: { segment: "STRING", customers: "INT64", net_sales: "NUMERIC" },
    rows: () => 125 * ENTRIES.countries,
  },
}

/** A query: what it asks, which columns of which table it reads, and how many months of it by the column that partitions it. */
interface Query {
  asks: string
  table: string
  columns: readonly string[]
  /** Undefined: all, because nothing says which. */
  days?: number
}

const QUERIES: readonly Query[] = [
  {
    asks: "sales and visits by day",
    table: "report_overview",
    columns: ["day", "net_sales", "orders", "sessions"],
  },
  {
    asks: "funnel by channel",
    table: "report_funnel",
    columns: [
      "day",
      "split_by",
      "split_value",
      "sessions_with_product_view",
      "sessions_with_cart",
      "sessions_with_purchase",
    ],
  },
  {
    asks: "visits by channel and browser",
    table: "report_behaviour",
    columns: ["day", "traffic_source", "browser", "sessions"],
  },
  {
    asks: "best products",
    table: "report_products",
    columns: ["month", "product", "product_id", "units_sold", "net_sales"],
  },
  { asks: "customers by segment", table: "report_customers", columns: ["segment", "customers", "net_sales"] },
  {
    asks: "funnel by channel, any filter, 28 days",
    table: "fact_sessions",
    columns: ["started_at", "traffic_source_key", "viewed_product", "carted", "purchased"],
    days: 28,
  },
  {
    asks: "distinct visitors by month, a year",
    table: "fact_sessions",
    columns: ["started_at", "customer_durable_key", "session_key"],
    days: 365,
  },
  {
    asks: "sales by product, 28 days",
    table: "fact_sales",
    columns: ["sold_at", "product_durable_key", "net_amount", "quantity"],
    days: 28,
  },
  {
    asks: "sales by product, whole history",
    table: "fact_sales",
    columns: ["product_durable_key", "net_amount", "quantity"],
  },
  {
    asks: "orders by channel, a year",
    table: "fact_orders",
    columns: ["ordered_at", "traffic_source_key", "amount"],
    days: 365,
  },
  {
    asks: "events by page, 28 days",
    table: "fact_events",
    columns: ["occurred_at", "page_key", "event_type_key"],
    days: 28,
  },
  {
    asks: "the same, by `date_key` alone: nothing is left out",
    table: "fact_events",
    columns: ["date_key", "page_key", "event_type_key"],
  },
]

/** A span of days touches this many months, at most. */
const monthsOf = (days: number) => Math.min(MONTHS, Math.ceil((days - 1) / 28) + 1)

function bytesRead({ table, columns, days }: Query, events: number): number {
  const report = REPORTS[table]
  const typeOf = (column: string) => report?.types[column] ?? physical.get(table)?.types.get(column)
  const width = columns.reduce((sum, column) => {
    const bytes = WIDTHS[typeOf(column) ?? ""]
    if (bytes === undefined) throw new Error(`${table}.${column} is of no known type`)
    return sum + bytes
  }, 0)
  const rows = report === undefined ? events * ROWS_PER_EVENT[table as Fact] : report.rows(events)
  return width * rows * (days === undefined ? 1 : monthsOf(days) / MONTHS)
}

const LEAST_BILLED = 10 * 2 ** 20

function told(bytes: number): string {
  if (bytes <= LEAST_BILLED) return "10 MB (the least)"
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10) - 2)
  return `${Number((bytes / 2 ** (10 * (power + 2))).toPrecision(2))} ${["MB", "GB", "TB", "PB"][power]}`
}

function tableOf(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n")
}

function page(): string {
  const facts = (Object.keys(ROWS_PER_EVENT) as Fact[]).map((name): [Fact, StoredTable] => [
    name,
    physical.get(name) as StoredTable,
  ])
  const queries = QUERIES.map((query) => [
    query.asks,
    `\`${query.table}\``,
    query.days === undefined ? "all" : `${monthsOf(query.days)} of ${MONTHS}`,
    ...SIZES.map((events) => told(bytesRead(query, events))),
  ])
  return readFileSync(join(root, "test", "lib", "bigquery-cost.template.md"), "utf8")
    .replace(
      "{{facts}}",
      tableOf([
        ["table", "rows for each event", "partitions", "clusters"],
        ["--", "--", "--", "--"],
        ...facts.map(([name, { partition, clusters }]) => [
          `\`${name}\``,
          String(ROWS_PER_EVENT[name]),
          partition,
          clusters.map((cluster) => `\`${cluster}\``).join(", "),
        ]),
      ]),
    )
    .replace(
      "{{queries}}",
      tableOf([
        ["what is asked", "table", "months read", "1 M events", "100 M", "10 G"],
        ["--", "--", "--", "--", "--", "--"],
        ...queries,
      ]),
    )
}

test("docs/bigquery-cost.md is what widths, partitions and rows say (npx vitest run test/bigquery-cost.test.ts -u)", async () => {
  await expect(page()).toMatchFileSnapshot("../docs/bigquery-cost.md")
})

test("a table of a report is read in whole by less than a gigabyte, whatever the shop's size", () => {
  for (const query of QUERIES)
    if (query.table in REPORTS) expect(bytesRead(query, 1e12), query.asks).toBeLessThan(1e9)
})

test("their columns are those of the models", () => {
  const described = readFileSync(join(root, "analytics/models/gold/reporting/_reporting.yml"), "utf8")
  for (const [name, { types }] of Object.entries(REPORTS)) {
    const section =
      described.split("  - name: report_").find((text) => `report_${text.split("\n")[0]}` === name) ?? ""
    for (const column of Object.keys(types))
      expect(section, `${name}.${column}`).toContain(`{name: ${column},`)
  }
})
