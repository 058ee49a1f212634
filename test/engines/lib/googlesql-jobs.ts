import { declare } from "./bigquery-shop.ts"
import type { Catalog, GoogleSql, GoogleSqlColumn } from "./googlesql.ts"

/** A job as it was sent, as far as this reads it. */
interface Job {
  configuration: Record<string, unknown>
}

interface Load {
  destinationTable: { datasetId: string; tableId: string }
  schema: { fields: { name: string; type: string }[] }
}

/**
 * Puts every statement of some jobs, in their order, to the analyzer, with the tables that those before it have made.
 * BigQuery's other names for INT64 are none of its, so they are put into its own.
 * @returns those that it refuses, with its message
 */
export async function refusedOf(
  analyzer: GoogleSql,
  project: string,
  jobs: readonly Job[],
): Promise<string[]> {
  const catalog: Catalog = new Map()
  const refused: string[] = []
  for (const { configuration } of jobs) {
    const { query, load } = configuration as { query?: { query: string }; load?: Load }
    if (load !== undefined) {
      const { datasetId, tableId } = load.destinationTable
      const columns = load.schema.fields.map(({ name, type }) => ({ name, kind: `TYPE_${type}` }))
      declare(catalog, datasetId, tableId, columns)
    }
    for (const written of (query?.query ?? "").split(/;\s*\n/)) {
      const sql = written.replaceAll(/\b(?:bigint|integer)\b/g, "int64")
      // A procedure of BigQuery's, which the analyzer does not have.
      if (sql.trim() === "" || /^\s*call bq\./i.test(sql)) continue
      try {
        remember(catalog, sql, await analyzer.analyze(sql, project, catalog))
      } catch (error) {
        refused.push(`${sql}\n${(error as Error).message}`)
      }
    }
  }
  return refused
}

const NAME = "(?:`[^`]+`\\.`([^`]+)`\\.)?`?(\\w+)`?"
const CREATED = new RegExp(`^\\s*create (?:or replace )?(?:temp )?table (if not exists )?${NAME}`, "i")
const ALTERED = new RegExp(`^\\s*alter table ${NAME} add column \`?(\\w+)\`? string`, "i")

function remember(catalog: Catalog, sql: string, columns: readonly GoogleSqlColumn[]): void {
  const [, ifNotExists, dataset = "", table] = CREATED.exec(sql) ?? []
  if (table !== undefined && !(ifNotExists !== undefined && catalog.get(dataset)?.has(table)))
    declare(catalog, dataset, table, columns)
  const [, where = "", altered, column] = ALTERED.exec(sql) ?? []
  if (altered === undefined || column === undefined) return
  declare(catalog, where, altered, [
    ...(catalog.get(where)?.get(altered) ?? []),
    { name: column, kind: "TYPE_STRING" },
  ])
}
