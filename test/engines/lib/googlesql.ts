import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { join } from "node:path"

/** A column as GoogleSQL knows it: its type kind is e.g. `TYPE_INT64`, `TYPE_NUMERIC`, `TYPE_TIMESTAMP`. */
export interface GoogleSqlColumn {
  name: string
  kind: string
}
/** Tables by dataset, within one project; temporary ones under the empty name. */
export type Catalog = Map<string, Map<string, readonly GoogleSqlColumn[]>>

export interface GoogleSql {
  /**
   * Analyses one statement, with parameters of any types, against the catalog without running it.
   * @returns the columns that a query gives, or that a created table or view has
   * @throws Error with the analyzer's message, line and caret
   */
  analyze(sql: string, project: string, catalog: Catalog): Promise<GoogleSqlColumn[]>
  stop(): void
}

/** Features that the analyzer knows and BigQuery has not. */
const NOT_IN_BIGQUERY = /NANOS|PICOS|EXPERIMENTAL|INLINE_LAMBDA|WITH_GROUP_ROWS|PROTO|MODULES|ANONYMIZATION/

/** Features that BigQuery has and the analyzer takes for unfinished. */
const ONLY_IN_BIGQUERY = ["FEATURE_CREATE_TABLE_CLONE"]

interface Analyzer {
  waitForReady(deadline: number, done: (error?: Error) => void): void
  [method: string]: unknown
}

/** Starts the real GoogleSQL analyzer on a free loopback port. Stop it by {@link GoogleSql.stop}. */
export async function startGoogleSql(nodeModules: string): Promise<GoogleSql> {
  const home = join(nodeModules, "@fivetrandevelopers", "zetasql", "lib", "zetasql")
  const port = await freePort()
  const server = spawn(join(home, "remote_server.so"), ["127.0.0.1", String(port)], { stdio: "ignore" })
  const api = connect(nodeModules, home, port)
  await new Promise<void>((resolve, reject) =>
    api.waitForReady(Date.now() + 30_000, (error) => (error ? reject(error) : resolve())),
  )
  const call = <T>(method: string, request: unknown) =>
    new Promise<T>((resolve, reject) => {
      const send = api[method] as (
        request: unknown,
        done: (error: { details: string } | null, value: T) => void,
      ) => void
      send.call(api, request, (error, value) => (error ? reject(new Error(error.details)) : resolve(value)))
    })
  const everything = await call<{ enabled_language_features: string[] }>("GetLanguageOptions", {
    maximum_features: true,
  })
  const languageOptions = {
    ...everything,
    product_mode: "PRODUCT_EXTERNAL",
    enabled_language_features: everything.enabled_language_features
      .filter((feature) => !NOT_IN_BIGQUERY.test(feature))
      .concat(ONLY_IN_BIGQUERY),
    supported_statement_kinds: [],
  }
  return {
    async analyze(sql, project, catalog) {
      const response = await call<AnalyzeResponse>("Analyze", {
        sql_statement: sql,
        simple_catalog: toSimpleCatalog(project, catalog, languageOptions),
        options: {
          language_options: languageOptions,
          error_message_mode: "ERROR_MESSAGE_MULTI_LINE_WITH_CARET",
          default_timezone: "UTC",
          allow_undeclared_parameters: true,
          parameter_mode: "PARAMETER_POSITIONAL",
        },
      })
      return columnsOf(response.resolved_statement)
    },
    stop: () => void server.kill(),
  }
}

interface AnalyzeResponse {
  resolved_statement: ResolvedNode
}

/** A message that holds one of many kinds of statement, or such a statement; `node` names the kind. */
type ResolvedNode = { node?: string } & {
  output_column_list?: { name: string; column: { type: { type_kind: string } } }[]
  parent?: { column_definition_list?: { name: string; type: { type_kind: string } }[] }
}

/** What a query gives, or a table or view that is created has; nothing for other statements. */
function columnsOf(statement: ResolvedNode): GoogleSqlColumn[] {
  let at = statement
  while (at.node !== undefined) at = (at as unknown as Record<string, ResolvedNode>)[at.node] as ResolvedNode
  const given = (at.output_column_list ?? []).map(({ name, column }) => ({
    name,
    kind: column.type.type_kind,
  }))
  if (given.length > 0) return given
  return (at.parent?.column_definition_list ?? []).map(({ name, type }) => ({ name, kind: type.type_kind }))
}

function connect(nodeModules: string, home: string, port: number): Analyzer {
  const require = createRequire(join(nodeModules, "any.js"))
  const grpc = require("@grpc/grpc-js")
  const definition = require("@grpc/proto-loader").loadSync("local_service.proto", {
    enums: String,
    longs: String,
    keepCase: true,
    oneofs: true,
    includeDirs: [join(home, "protos")],
  })
  const service = grpc.loadPackageDefinition(definition).zetasql.local_service.ZetaSqlLocalService
  const limit = 256 * 1024 * 1024
  return new service(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": limit,
    "grpc.max_send_message_length": limit,
  })
}

function toSimpleCatalog(project: string, catalog: Catalog, languageOptions: unknown) {
  const tablesOf = (dataset: string) =>
    [...(catalog.get(dataset) ?? [])].map(([name, columns]) => ({
      name,
      column: columns.map((column) => ({ name: column.name, type: { type_kind: column.kind } })),
    }))
  const datasets = [...catalog.keys()].flatMap((name) =>
    name === "" ? [] : [{ name, table: tablesOf(name) }],
  )
  return {
    name: "root",
    table: tablesOf(""),
    builtin_function_options: { language_options: languageOptions },
    catalog: [{ name: project, catalog: datasets }],
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
