import { expect, test } from "vitest"
import type { NodeResult } from "../transform/dbt.ts"
import { type BuiltProject, publishable } from "./publishable.ts"

const LAYERS = {
  bronze: "bronze",
  silver: "silver",
  star: "gold",
  marts: "gold",
  quality: "quality",
  meta: "meta",
}

interface Model {
  /** The schema that it or its folder states. */
  stated?: string
  /** The dataset that it falls into. */
  dataset: string
  folder?: string
  package?: string
  type?: string
  reads?: string[]
}

function publishing(models: Record<string, Model>, layers = LAYERS) {
  const nodes: BuiltProject["nodes"] = {}
  const results: NodeResult[] = []
  for (const [name, { stated, dataset, folder, type = "model", reads = [], ...more }] of Object.entries(
    models,
  )) {
    const of = more.package ?? "shop"
    nodes[name] = {
      name,
      resource_type: type,
      package_name: of,
      schema: dataset,
      fqn: [of, ...(folder === undefined ? [] : [folder]), name],
      config: type === "snapshot" ? { target_schema: stated ?? null } : { schema: stated ?? null },
      depends_on: { nodes: reads },
    }
    const relation = `"warehouse"."${dataset}"."${name}"`
    results.push({ uniqueId: name, name, resourceType: type, relation, status: "success", elapsedMs: 1 })
  }
  return publishable({ nodes }, results, layers)
}

test("models of the star, the marts and the quality records are published, those on the way to them are not", () => {
  expect(
    publishing({
      stg_thelook__users: { package: "cartwright", stated: "silver", dataset: "silver" },
      dim_customers: { package: "cartwright", stated: "star", dataset: "gold" },
      agg_daily_sales: { package: "cartwright", stated: "marts", dataset: "gold" },
      error_events: { package: "cartwright", stated: "quality", dataset: "quality" },
      own_mart: { stated: "marts", dataset: "gold" },
      own_history: { type: "snapshot", stated: "marts", dataset: "gold" },
      own_list: { type: "seed", stated: "silver", dataset: "silver" },
    }),
  ).toEqual({
    relations: [
      "silver.stg_thelook__users",
      "gold.dim_customers",
      "gold.agg_daily_sales",
      "quality.error_events",
      "gold.own_mart",
      "gold.own_history",
      "silver.own_list",
    ],
    publishable: [
      "gold.dim_customers",
      "gold.agg_daily_sales",
      "quality.error_events",
      "gold.own_mart",
      "gold.own_history",
    ],
    unread: [],
  })
})

test("a model that does not say where it belongs is not published, wherever it falls", () => {
  const built = publishing({
    addresses: { dataset: "gold" },
    kept: { type: "snapshot", dataset: "gold" },
    marts: { dataset: "gold" },
    sums: { dataset: "gold", folder: "marts" },
  })
  expect(built.publishable).toEqual(["gold.sums"])
  expect(built.unread).toEqual(["addresses", "marts"])
})

test("where silver and gold have one name, what belongs to silver is not published", () => {
  const one = { bronze: "shop", silver: "shop", star: "shop", marts: "shop", quality: "shop", meta: "meta" }
  const models = {
    log_thelook__users: { package: "cartwright", stated: "silver", dataset: "shop" },
    fact_sales: { package: "cartwright", stated: "star", dataset: "shop" },
  }
  expect(publishing(models, one).publishable).toEqual(["shop.fact_sales"])
})

test("of the shop's own models that are not published, only those that no other one reads are told", () => {
  const { publishable: published, unread } = publishing({
    stg_till: { dataset: "silver" },
    int_till__products: { dataset: "silver", reads: ["stg_till"] },
    products: { package: "cartwright", stated: "silver", dataset: "silver", reads: ["int_till__products"] },
    best_buyers: { dataset: "silver", reads: ["products"] },
    "a test of best_buyers": { type: "test", dataset: "tests", reads: ["best_buyers"] },
  })
  expect(published).toEqual([])
  expect(unread).toEqual(["best_buyers"])
})

test("tables that tests keep are no tables of a reader", () => {
  expect(publishing({ failures: { type: "test", stated: "marts", dataset: "gold" } })).toEqual({
    relations: [],
    publishable: [],
    unread: [],
  })
})
