import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { declare } from "./bigquery-shop.ts"
import type { Catalog, GoogleSql, GoogleSqlColumn } from "./googlesql.ts"

/** A statement that BigQuery would have been asked to run. */
export interface Statement {
  sql: string
  /** What the analyzer holds against it. */
  refused?: string
}

export interface BigQueryEndpoint {
  /** For `api_endpoint` of dbt's profile. */
  url: string
  /** Every statement, in the order in which they came. */
  statements: Statement[]
  stop(): Promise<void>
}

interface Options {
  analyzer: GoogleSql
  project: string
  /** What is there from the start; statements that create tables and views add to it. */
  catalog: Catalog
  /** The rows that a query gives; none unless told. */
  rowsOf: (sql: string) => Cell[][]
}

/** A value as a row of a result has it. */
export type Cell = string | number | boolean | null

interface Job {
  sql: string
  columns: readonly GoogleSqlColumn[]
  rows: Cell[][]
}

interface Reply {
  status: number
  body: unknown
}

/**
 * BigQuery's interface as dbt-bigquery uses it, without its engine: each statement is put to the GoogleSQL analyzer, and refused as
 * BigQuery refuses it. Tables have columns and no rows.
 */
export async function startBigQueryEndpoint({
  analyzer,
  project,
  catalog,
  rowsOf,
}: Options): Promise<BigQueryEndpoint> {
  const statements: Statement[] = []
  const jobs = new Map<string, Job>()
  const views = new Set<string>()

  const insertJob = async (id: string, sql: string): Promise<Reply> => {
    const statement: Statement = { sql }
    statements.push(statement)
    try {
      const columns = await analyzer.analyze(sql, project, catalog)
      const created = CREATED.exec(sql)
      if (created !== null) {
        const [, kind = "", dataset = "", table = ""] = created
        const there = catalog.get(dataset)?.has(table) ?? false
        if (!there || !/if not exists/i.test(created[0])) declare(catalog, dataset, table, columns)
        if (kind.toLowerCase() === "view") views.add(`${dataset}.${table}`)
      }
      const dataset = /create schema if not exists `[^`]+`\.`?(\w+)`?/i.exec(sql)?.[1]
      if (dataset !== undefined && !catalog.has(dataset)) catalog.set(dataset, new Map())
      jobs.set(id, { sql, columns: created === null ? columns : [], rows: rowsOf(sql) })
    } catch (error) {
      statement.refused = (error as Error).message
      return failed(400, "invalidQuery", statement.refused)
    }
    return { status: 200, body: jobResource(id) }
  }

  const jobResource = (id: string) => ({
    kind: "bigquery#job",
    id: `${project}:EU.${id}`,
    jobReference: { projectId: project, jobId: id, location: "EU" },
    configuration: { jobType: "QUERY", query: { query: jobs.get(id)?.sql ?? "", useLegacySql: false } },
    status: { state: "DONE" },
    statistics: { query: { statementType: "SCRIPT", totalBytesProcessed: "0", totalBytesBilled: "0" } },
  })

  const queryResults = (id: string) => {
    const { columns = [], rows = [] } = jobs.get(id) ?? {}
    return {
      kind: "bigquery#getQueryResultsResponse",
      jobReference: { projectId: project, jobId: id, location: "EU" },
      jobComplete: true,
      totalRows: String(rows.length),
      schema: { fields: columns.map(field) },
      rows: rows.map((row) => ({ f: row.map((v) => ({ v: v === null ? null : String(v) })) })),
    }
  }

  const tableResource = (datasetId: string, tableId: string) => ({
    kind: "bigquery#table",
    id: `${project}:${datasetId}.${tableId}`,
    tableReference: { projectId: project, datasetId, tableId },
    type: views.has(`${datasetId}.${tableId}`) ? "VIEW" : "TABLE",
    schema: { fields: (catalog.get(datasetId)?.get(tableId) ?? []).map(field) },
    numRows: "0",
    numBytes: "0",
    location: "EU",
  })

  const reply = async (method: string, path: string, body: string): Promise<Reply> => {
    const [what = "", dataset = "", , table] = path.split("/")
    if (what === "jobs" && method === "POST") {
      const job = JSON.parse(body) as {
        jobReference: { jobId: string }
        configuration: { query: { query: string } }
      }
      return insertJob(job.jobReference.jobId, job.configuration.query.query)
    }
    if (what === "jobs") return { status: 200, body: jobResource(dataset) }
    if (what === "queries") return { status: 200, body: queryResults(dataset) }
    if (what !== "datasets") return failed(501, "notImplemented", `${method} ${path}`)
    if (dataset === "") {
      const datasets = [...catalog.keys()].map((datasetId) => ({
        datasetReference: { projectId: project, datasetId },
      }))
      return { status: 200, body: { datasets } }
    }
    const tables = catalog.get(dataset)
    if (tables === undefined) return failed(404, "notFound", `Not found: Dataset ${dataset}`)
    if (table === undefined && path.endsWith("/tables")) {
      return {
        status: 200,
        body: { tables: [...tables.keys()].map((name) => tableResource(dataset, name)) },
      }
    }
    if (table === undefined)
      return {
        status: 200,
        body: { datasetReference: { projectId: project, datasetId: dataset }, location: "EU" },
      }
    if (!tables.has(table)) return failed(404, "notFound", `Not found: Table ${dataset}.${table}`)
    if (method === "DELETE") {
      tables.delete(table)
      views.delete(`${dataset}.${table}`)
      return { status: 204, body: undefined }
    }
    return { status: 200, body: tableResource(dataset, table) }
  }

  const server = createServer((request, response) => {
    void (async () => {
      const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1")
      const path = pathname.replace(/^\/bigquery\/v2\/projects\/[^/]+\//, "")
      const { status, body } = await reply(request.method ?? "GET", path, await textOf(request))
      response.writeHead(status, { "content-type": "application/json" })
      response.end(body === undefined ? undefined : JSON.stringify(body))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    statements,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** What a statement creates: its kind, dataset and name. */
const CREATED = /create (?:or replace )?(table|view)(?: if not exists)? `[^`]+`\.`?(\w+)`?\.`?(\w+)`?/i

/** As BigQuery's interface calls the types, which is not as its SQL does. */
function field({ name, kind }: GoogleSqlColumn) {
  const sql = kind.replace("TYPE_", "")
  const type = { INT64: "INTEGER", DOUBLE: "FLOAT", BOOL: "BOOLEAN" }[sql] ?? sql
  return { name, type, mode: "NULLABLE" }
}

function failed(code: number, reason: string, message: string): Reply {
  return { status: code, body: { error: { code, message, errors: [{ message, reason, domain: "global" }] } } }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
