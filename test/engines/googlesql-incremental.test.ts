import { afterAll, beforeAll, expect, test } from "vitest"
import {
  type BigQueryEndpoint,
  type Cell,
  startBigQueryEndpoint,
  type Statement,
} from "./lib/bigquery-endpoint.ts"
import { deliveredCatalog, makeBigQueryShop, PROJECT, SHOPS } from "./lib/bigquery-shop.ts"
import { dbtBigQueryBin, describeWith, googleSqlFolder } from "./lib/engines.ts"
import { type Catalog, type GoogleSql, startGoogleSql } from "./lib/googlesql.ts"

/**
 * Real dbt-bigquery builds a shop against an interface that analyses every statement and runs none: from nothing, then as
 * an update of tables that are there, then after a change of rules. So the merges, what they read, all hooks and the tests
 * of new rows are seen as BigQuery would be asked for them.
 */
describeWith(
  { dbt: dbtBigQueryBin(), googlesql: googleSqlFolder() },
  "dbt on BigQuery's dialect",
  (engines) => {
    let analyzer: GoogleSql
    const endpoints: BigQueryEndpoint[] = []
    beforeAll(async () => {
      analyzer = await startGoogleSql(engines.googlesql)
    })
    afterAll(async () => {
      for (const endpoint of endpoints) await endpoint.stop()
      analyzer.stop()
    })

    /** A shop that is built step by step: what a step merged into, and all incremental models, as `dataset.table`. */
    async function shopOnBigQuery(sources: Record<string, string[]>) {
      const warehouse: Warehouse = { built: "never", rules: new Map(), tests: [] }
      const catalog: Catalog = new Map()
      const rowsOf = (sql: string) => answer(sql, warehouse)
      const endpoint = await startBigQueryEndpoint({ analyzer, project: PROJECT, catalog, rowsOf })
      endpoints.push(endpoint)
      const shop = makeBigQueryShop(engines.dbt, sources, endpoint.url)
      shop.dbt("parse")
      const manifest = shop.manifest()
      for (const [dataset, tables] of deliveredCatalog(manifest)) catalog.set(dataset, tables)
      warehouse.tests.push(...Object.keys(manifest.nodes).filter((id) => id.startsWith("test.")))
      const incremental = Object.values(manifest.nodes)
        .filter(({ config }) => config.materialized === "incremental")
        .map(({ schema, alias }) => `${schema}.${alias}`)
      const build = async (command: "run" | "build", built: Warehouse["built"]) => {
        warehouse.built = built
        const { success, output } = await shop.start(command, "--exclude", "resource_type:seed")
        const statements = endpoint.statements.splice(0)
        expect(refused(statements)).toEqual([])
        expect(success, output).toBe(true)
        return merged(statements)
      }
      return { build, incremental: incremental.toSorted() }
    }

    test("accepts the first build, updates, changes of rules and every hook", async () => {
      const { build, incremental } = await shopOnBigQuery(SHOPS["both"] ?? {})
      expect(incremental.length).toBeGreaterThan(30)
      expect(await build("run", "never")).toEqual([])
      expect(await build("build", "by these rules")).toEqual(incremental)
      expect(await build("run", "by other rules")).toEqual(incremental)
    })

    test("accepts the updates of a shop that lacks most data sets", async () => {
      const { build, incremental } = await shopOnBigQuery({ thelook: ["orders", "products"] })
      expect(await build("run", "never")).toEqual([])
      expect(await build("run", "by these rules")).toEqual(incremental)
    })
  },
)

/** What the tables are said to hold. */
interface Warehouse {
  built: "never" | "by these rules" | "by other rules"
  /** The hash of its rules that each model wrote down. */
  rules: Map<string, string>
  /** Ids of tests that have passed. */
  tests: string[]
}

function refused(statements: readonly Statement[]): string[] {
  return statements.flatMap(({ sql, refused: why }) => (why === undefined ? [] : [`${why}\n${sql}`]))
}

/** The tables into which rows were merged. */
function merged(statements: readonly Statement[]): string[] {
  const tables = statements.flatMap(({ sql }) => {
    const [, schema, table] = /merge into `[^`]+`\.`(\w+)`\.`(\w+)`/.exec(sql) ?? []
    return schema === undefined ? [] : [`${schema}.${table}`]
  })
  return tables.toSorted()
}

/**
 * The rows of the few queries on whose answer the package's SQL depends: how far a model has come, as it wrote it down itself; what a
 * silver log has; up to where a test has passed; and of a test, that nothing fails.
 */
function answer(sql: string, { built, rules, tests }: Warehouse): Cell[][] {
  const written = /insert into `[^`]+`\.`meta`\.`state`[\s\S]*?select\s+'(\w+)'[\s\S]*'(\w+)'\s+from/.exec(
    sql,
  )
  if (written !== null) rules.set(written[1] as string, written[2] as string)
  if (/select max\(cut\) from \S+$/.test(sql.trim())) return [[built === "never" ? 1 : 2]]
  if (sql.includes("select seen.model, seen.load_to, seen.rule_version")) {
    if (built === "never") return []
    return [...rules].map(([model, rule]) => [model, 1, built === "by these rules" ? rule : "other"])
  }
  if (sql.includes("max(_change_seq)") && sql.includes("min(_seq)")) return [[9, 1, 1]]
  if (sql.includes("select test, max(passed_to)")) return tests.map((test) => [test, 1])
  if (sql.includes("as failures")) return [[0, false, false]]
  return []
}
