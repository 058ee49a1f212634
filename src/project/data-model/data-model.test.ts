import { describe, expect, test } from "vitest"
import { joined } from "./join.ts"
import type { ManifestNode, ProjectManifest } from "./manifest.ts"
import { type DataModel, type Table, tableOf } from "./model.ts"
import { allPages } from "./pages.ts"
import { markdown } from "./render/markdown.ts"
import { bigQueryType, partitionText, plainType } from "./storage.ts"

/** A model of a shop's own project in the dataset `shop`. */
function model(name: string, more: Partial<ManifestNode> = {}): ManifestNode {
  return {
    unique_id: `model.shop.${name}`,
    resource_type: "model",
    name,
    alias: name,
    schema: "shop",
    description: "",
    columns: {},
    depends_on: { nodes: [] },
    ...more,
    config: { materialized: "table", ...more.config },
  }
}

let tests = 0
function dataTest(
  table: string,
  column: string | null,
  name: string,
  kwargs: Record<string, unknown> = {},
  to?: string,
): ManifestNode {
  tests++
  return model(`test_${tests}`, {
    resource_type: "test",
    column_name: column,
    attached_node: `model.shop.${table}`,
    test_metadata: { name, kwargs },
    depends_on: { nodes: [...(to === undefined ? [] : [`model.shop.${to}`]), `model.shop.${table}`] },
  })
}

function manifest(nodes: ManifestNode[], sources: ManifestNode[] = []): ProjectManifest {
  const byId = (list: ManifestNode[]) => Object.fromEntries(list.map((node) => [node.unique_id, node]))
  return { nodes: byId(nodes), sources: byId(sources) }
}

const NODES = [
  model("dim_vouchers", {
    description: "Vouchers | gift *cards*",
    columns: {
      voucher_key: { description: "Voucher" },
      code: { description: "The <code> on it", meta: { pii: true } },
      _seen: { description: "When it was seen" },
    },
    config: { meta: { entity: "Voucher", grain: "voucher" } },
  }),
  model("fct_redemptions", {
    columns: {
      redemption_key: { description: "" },
      voucher_key: { description: "" },
      shop_key: { description: "" },
    },
    config: {
      meta: {
        questions: ["Who redeems?"],
        relations: { voucher_key: "uses up" },
        storage: "reports ask for months",
      },
    },
  }),
  model("agg_redemptions", {
    config: { schema: "marts" },
    depends_on: { nodes: ["model.shop.between"] },
  }),
  model("between", { depends_on: { nodes: ["model.shop.fct_redemptions"] } }),
  model("inlined", { config: { materialized: "ephemeral" } }),
  model("by_rows", { config: { unique_key: ["a", "b"] } }),
  dataTest("dim_vouchers", "voucher_key", "unique"),
  dataTest("dim_vouchers", "voucher_key", "not_null"),
  dataTest("fct_redemptions", "redemption_key", "unique"),
  dataTest("agg_redemptions", null, "unique_combination_of_columns", {
    combination_of_columns: ["day", "kind"],
  }),
  dataTest("agg_redemptions", "kind", "accepted_values", { values: ["a", 1] }),
  dataTest("agg_redemptions", null, "not_null_columns", { columns: ["day", "kind"] }),
]
const SOURCES = ["delivered", "elsewhere"].map((name) =>
  model(name, {
    unique_id: `source.shop.${name}`,
    resource_type: "source",
    identifier: `till__${name}`,
    schema: "bronze",
  }),
)
const BUILT = [
  { dataset: "bronze", name: "till__delivered", columns: [{ name: "text", type: "VARCHAR" }] },
  {
    dataset: "shop",
    name: "dim_vouchers",
    columns: [
      { name: "voucher_key", type: "BIGINT" },
      { name: "code", type: "VARCHAR" },
      { name: "_seen", type: "TIMESTAMP" },
    ],
  },
  {
    dataset: "shop",
    name: "fct_redemptions",
    columns: [
      { name: "redemption_key", type: "BIGINT" },
      { name: "voucher_key", type: "BIGINT" },
      { name: "found", type: "DECIMAL(18,6)" },
    ],
  },
  { dataset: "shop", name: "kept_by_a_hook", columns: [{ name: "x", type: "INTEGER" }] },
]

function found(nodes = NODES): DataModel {
  const onBigQuery = nodes.map((node) =>
    node.name === "fct_redemptions"
      ? {
          ...node,
          config: {
            ...node.config,
            partition_by: { field: "at", granularity: "month" },
            cluster_by: "voucher_key",
          },
        }
      : node,
  )
  return joined({
    bronze: "bronze",
    declared: manifest(nodes, SOURCES),
    forBigQuery: manifest(onBigQuery),
    built: BUILT,
    published: new Map([["shop.fct_redemptions", new Map([["found", "INT64 DECIMAL(18, 6)"]])]]),
  })
}

function named(dataModel: DataModel, name: string): Table {
  const table = tableOf(dataModel, `model.shop.${name}`)
  if (table === undefined) throw new Error(`no ${name}`)
  return table
}

describe("a shop's own models", () => {
  const dataModel = found()

  test("get their roles from their names, layers and meta", () => {
    const roles = dataModel.tables.map(({ name, role }) => [name, role])
    expect(Object.fromEntries(roles)).toEqual({
      fct_redemptions: "fact",
      dim_vouchers: "dimension",
      agg_redemptions: "mart",
      between: "step",
      by_rows: "step",
      till__delivered: "source",
    })
    const stated = found([model("redeemed", { config: { meta: { role: "fact" } } })])
    expect(named(stated, "redeemed").role).toBe("fact")
  })

  test("have the keys that their configs and tests tell", () => {
    const keys = dataModel.tables.map(({ name, primaryKey }) => [name, primaryKey])
    expect(Object.fromEntries(keys)).toEqual({
      fct_redemptions: ["redemption_key"],
      dim_vouchers: ["voucher_key"],
      agg_redemptions: ["day", "kind"],
      between: [],
      by_rows: ["a", "b"],
      till__delivered: [],
    })
  })

  test("refer by a test, or by a column that is called as one key", () => {
    const relation = {
      column: "voucher_key",
      to: "model.shop.dim_vouchers",
      toColumn: "voucher_key",
      single: false,
    }
    expect(named(dataModel, "fct_redemptions").relations).toEqual([
      { ...relation, tested: false, phrase: "uses up" },
    ])
    const proof = dataTest(
      "fct_redemptions",
      "voucher_key",
      "relationships",
      { field: "voucher_key" },
      "dim_vouchers",
    )
    const tested = found([...NODES, proof, dataTest("fct_redemptions", "voucher_key", "unique")])
    expect(named(tested, "fct_redemptions").relations).toEqual([
      { ...relation, tested: true, single: true, phrase: "uses up" },
    ])
    const off = { ...proof, config: { enabled: false } }
    expect(named(found([...NODES, off]), "fct_redemptions").relations[0]?.tested).toBe(false)
  })

  test("show what is declared and not built, built and not declared, and neither", () => {
    const columns = named(dataModel, "fct_redemptions").columns.map(({ name, type, parquet }) => [
      name,
      type,
      parquet,
    ])
    expect(columns).toEqual([
      ["redemption_key", "BIGINT", undefined],
      ["voucher_key", "BIGINT", undefined],
      ["found", "DECIMAL(18,6)", "INT64 DECIMAL(18, 6)"],
      ["shop_key", undefined, undefined],
    ])
    expect(dataModel.undeclared.map(({ name }) => name)).toEqual(["kept_by_a_hook"])
  })

  test("stand in every page, and descriptions mean themselves in Markdown", () => {
    const page = markdown(allPages(dataModel))
    expect(page).toContain("| **Voucher** | Vouchers \\| gift \\*cards\\* | voucher | `dim_vouchers` |")
    expect(page).toContain("- Each **redemptions** uses up one **voucher**.")
    expect(page).toContain('fct_redemptions }o--|| dim_vouchers : "uses up"')
    expect(page).toContain("| `fct_redemptions` | `redemption_key` | Who redeems? |")
    expect(page).toContain("| `agg_redemptions` | `day`, `kind` | `fct_redemptions` |  |")
    expect(page).toContain("| `code` | text | The &lt;code> on it | personal |")
    expect(page).toContain("| `voucher_key` | integer |  | → `dim_vouchers.voucher_key` (by name) |")
    expect(page).toContain(
      "| `shop.fct_redemptions` | table |  | month of `at` | `voucher_key` | reports ask for months | one piece |",
    )
    expect(page).toContain("| `shop_key` | not built |  |  |")
    expect(page).toContain("| `_seen` | When it was seen | TIMESTAMP | TIMESTAMP | `dim_vouchers` |")
    expect(page).toContain("## `shop.kept_by_a_hook`")
    expect(page).not.toContain("| `_seen` | timestamp")
  })

  test("are told anew when they say something else", () => {
    const page = (nodes: ManifestNode[]) => markdown(allPages(found(nodes)))
    const renamed = NODES.map((node) =>
      node.name === "dim_vouchers" ? { ...node, description: "Coupons" } : node,
    )
    expect(page(NODES)).toContain("gift")
    expect(page(renamed)).toContain("Coupons")
    expect(page(renamed)).not.toContain("gift")
  })
})

test("a source that delivered nothing is none of the shop's", () => {
  const sources = found().tables.filter(({ kind }) => kind === "source")
  expect(sources.map(({ name, layer }) => [name, layer])).toEqual([["till__delivered", "bronze"]])
})

test("types have a name on BigQuery and a plain one", () => {
  const types = ["VARCHAR", "HUGEINT", "DECIMAL(18,6)", "DOUBLE", "VARCHAR[]", "STRUCT(a INTEGER)"]
  expect(types.map(bigQueryType)).toEqual([
    "STRING",
    "INT64",
    "NUMERIC",
    "FLOAT64",
    "ARRAY<STRING>",
    undefined,
  ])
  expect(types.map(plainType)).toEqual([
    "text",
    "integer",
    "money",
    "number",
    "varchar[]",
    "struct(a integer)",
  ])
})

test("partitions are told in words", () => {
  expect(partitionText({ field: "at" })).toBe("day of `at`")
  expect(partitionText({ field: "n", range: { start: 0, end: 100, interval: 10 } })).toBe(
    "`n` from 0 to 100 in steps of 10",
  )
  expect(partitionText(null)).toBeUndefined()
})
