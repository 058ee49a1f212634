import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { columns, declare, deliveredCatalog, makeBigQueryShop, PROJECT, SHOPS } from "./lib/bigquery-shop.ts"
import type { Manifest, ManifestNode } from "./lib/bigquery-shop.ts"
import { dbtBigQueryBin, describeWith, googleSqlFolder } from "./lib/engines.ts"
import { readPhysicalPage } from "../lib/physical-page.ts"
import { startGoogleSql } from "./lib/googlesql.ts"
import type { Catalog, GoogleSql } from "./lib/googlesql.ts"

/**
 * Every model and test, compiled for BigQuery by real dbt-bigquery, is put to the real GoogleSQL analyzer. It knows
 * the bronze tables from here, and each model's columns from what the analyzer said of it.
 */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
function compiled(dbt: string, sources: Record<string, string[]>): Manifest {
  const shop = makeBigQueryShop(dbt, sources)
  shop.dbt("compile", "--no-populate-cache", "--no-introspect")
  return shop.manifest()
}

/** Parents before children. */
function inOrder(manifest: Manifest): ManifestNode[] {
  const ordered: ManifestNode[] = []
  const seen = new Set<string>()
  const visit = (id: string): void => {
    const node = manifest.nodes[id]
    if (node === undefined || seen.has(id)) return
    seen.add(id)
    for (const parent of node.depends_on?.nodes ?? []) visit(parent)
    ordered.push(node)
  }
  for (const id of Object.keys(manifest.nodes).toSorted()) visit(id)
  return ordered
}

interface Analyzed {
  manifest: Manifest
  catalog: Catalog
  refused: string[]
  accepted: number
}

async function analyze(analyzer: GoogleSql, manifest: Manifest): Promise<Analyzed> {
  const catalog = deliveredCatalog(manifest)
  const refused: string[] = []
  let accepted = 0
  for (const node of inOrder(manifest)) {
    if (node.config.materialized === "ephemeral") continue
    if (node.resource_type === "seed" || node.resource_type === "operation") continue
    if (node.compiled_code === undefined) continue
    try {
      const given = await analyzer.analyze(node.compiled_code, PROJECT, catalog)
      accepted += 1
      if (node.resource_type === "model") declare(catalog, node.schema, node.alias, given)
    } catch (error) {
      refused.push(`${node.unique_id}: ${(error as Error).message}`)
    }
  }
  return { manifest, catalog, refused, accepted }
}

describeWith(
  { dbt: dbtBigQueryBin(), googlesql: googleSqlFolder() },
  "GoogleSQL analyzer",
  ({ dbt, googlesql }) => {
    let analyzer: GoogleSql
    beforeAll(async () => {
      analyzer = await startGoogleSql(googlesql)
    })
    afterAll(() => analyzer.stop())

    const analyzed = new Map<string, Promise<Analyzed>>()
    /** Every model and test of a shop, analyzed in the order in which they would be built. */
    const analysisOf = (shop: string): Promise<Analyzed> => {
      let analysis = analyzed.get(shop)
      if (analysis === undefined) {
        analysis = analyze(analyzer, compiled(dbt, SHOPS[shop] ?? {}))
        analyzed.set(shop, analysis)
      }
      return analysis
    }

    test.each(Object.keys(SHOPS))("accepts every model and test of the shop: %s", async (shop) => {
      const { refused, accepted } = await analysisOf(shop)
      expect(refused, refused.join("\n\n")).toEqual([])
      expect(accepted).toBeGreaterThan(30)
    })

    test("docs/data-model/physical.md tells types, partitions and clusters as they are", async () => {
      const { manifest, catalog } = await analysisOf("both")
      const documented = readPhysicalPage(readFileSync(join(root, "docs/data-model/physical.md"), "utf8"))
      const models = Object.values(manifest.nodes).filter(({ resource_type: type }) => type === "model")
      const wrong: string[] = []
      let compared = 0
      for (const { schema, alias, config } of models) {
        const page = documented.get(alias)
        if (page === undefined) {
          // Tables of reports are on BigQuery only; docs/looker-studio.md has them.
          if (schema !== "meta" && !alias.startsWith("report_")) wrong.push(`${alias} is not documented`)
          continue
        }
        const types = new Map(
          catalog
            .get(schema)
            ?.get(alias)
            ?.map(({ name, kind }) => [name, kind]),
        )
        for (const [column, type] of page.types) {
          compared += 1
          // The analyzer's own name of FLOAT64.
          const kind = type === "FLOAT64" ? "TYPE_DOUBLE" : `TYPE_${type}`
          if (types.get(column) !== kind)
            wrong.push(`${alias}.${column} is documented as ${type}, and is ${types.get(column)}`)
        }
        expect(page.clusters, alias).toEqual([config.cluster_by ?? []].flat())
        expect(page.partition, alias).toBe(
          config.partition_by ? `${config.partition_by.granularity} of \`${config.partition_by.field}\`` : "",
        )
      }
      expect(wrong).toEqual([])
      expect(compared).toBeGreaterThan(300)
    })

    test("refuses what BigQuery would refuse", async () => {
      const catalog: Catalog = new Map([["silver", new Map([["t", columns({ a: "INT64", b: "STRING" })]])]])
      const analyze = (sql: string) => analyzer.analyze(sql, PROJECT, catalog)
      expect(await analyze(`select a, b from \`${PROJECT}\`.\`silver\`.\`t\``)).toEqual(
        columns({ a: "INT64", b: "STRING" }),
      )
      await expect(analyze(`select a + b from \`${PROJECT}\`.silver.t`)).rejects.toThrow(
        /No matching signature/,
      )
      await expect(analyze(`select try_cast(b as int64) from \`${PROJECT}\`.silver.t`)).rejects.toThrow()
      await expect(analyze(`select c from \`${PROJECT}\`.silver.t`)).rejects.toThrow(/Unrecognized name: c/)
    })
  },
)
