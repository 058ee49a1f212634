import type { NodeContext } from "../context/context.ts"
import { ColumnObject } from "../context/column-object.ts"
import { RelationObject, relationOf } from "../context/relation-object.ts"
import { runStatement } from "../context/statements.ts"
import { projectError } from "../errors.ts"
import { pythonStr } from "../values.ts"
import { dispatched, plain, REQUIRED, type Builtin, type BuiltinCall, type BuiltinHost } from "./builtin.ts"
import { isTruthy, listOf } from "./cross-database.ts"

/** A host with the whole context of a node. */
export interface NodeHost extends BuiltinHost {
  context: NodeContext
  /** What the caller of a `call` block wrote in it. */
  caller(): Promise<string>
}

type Call = BuiltinCall<NodeHost>

/** Macros that run SQL or ask about the run and the relations. */
export const STATEMENTS: readonly Builtin[] = [
  plain("run_query", { sql: REQUIRED }, async (call: Call) => {
    const { context } = call.host
    if (!context.execute) return undefined
    return (await runStatement(context, "run_query_statement", call.text("sql"), true)).table
  }),
  plain(
    "statement",
    { name: null, fetch_result: false, auto_begin: true, language: "sql" },
    async (call: Call) => {
      const { context } = call.host
      if (!context.execute) return ""
      const name = call.value("name")
      const sql = await call.host.caller()
      await runStatement(
        context,
        name === null ? undefined : pythonStr(name),
        sql,
        isTruthy(call.value("fetch_result")),
      )
      return ""
    },
  ),
  plain(
    "noop_statement",
    { name: null, message: null, code: null, rows_affected: null, res: null },
    (call: Call) => {
      const message = call.text("message")
      const name = call.value("name")
      const result = { response: { message, code: "OK", rowsAffected: 0 }, data: [], table: null }
      if (typeof name === "string") call.host.context.results.set(name, result)
      return ""
    },
  ),
  plain("is_incremental", {}, async (call: Call) => {
    const { context } = call.host
    const config = context.node?.config ?? {}
    const { database, fullRefresh } = context.invocation
    if (!context.execute || context.relation === undefined || config["materialized"] !== "incremental")
      return false
    if (fullRefreshOf(config["full_refresh"], fullRefresh)) return false
    return (await database.existing(await context.session(), context.relation))?.type === "table"
  }),
  plain("should_full_refresh", {}, (call: Call) =>
    fullRefreshOf(call.host.context.node?.config["full_refresh"], call.host.context.invocation.fullRefresh),
  ),
  plain(
    "should_store_failures",
    {},
    (call: Call) => call.host.context.node?.config["store_failures"] === true,
  ),
  plain("get_quoted_csv", { column_names: REQUIRED }, (call) =>
    listOf(call.value("column_names"))
      .map((name) => `"${pythonStr(name)}"`)
      .join(", "),
  ),
  dispatched("snapshot_get_time", {}, () => "now()::timestamp", "duckdb"),
  dispatched(
    "snapshot_string_as_time",
    { timestamp: REQUIRED },
    (call) => `'${call.text("timestamp")}'::timestamp`,
    "duckdb",
  ),
  dispatched("snapshot_hash_arguments", { args: REQUIRED }, (call) =>
    hashArguments(listOf(call.value("args")).map(pythonStr)),
  ),
  plain("load_relation", { relation: REQUIRED }, (call: Call) => existing(call)),
  plain("load_cached_relation", { relation: REQUIRED }, (call: Call) => existing(call)),
  plain("drop_relation_if_exists", { relation: REQUIRED }, async (call: Call) => {
    const value = call.value("relation")
    if (value === null || value === undefined) return ""
    const { context } = call.host
    await context.invocation.database.drop(
      await context.session(),
      relationOf(value, "drop_relation_if_exists"),
    )
    return ""
  }),
  dispatched(
    "create_schema",
    { relation: REQUIRED },
    async (call: Call) => {
      const { context } = call.host
      await context.invocation.database.createSchema(
        await context.session(),
        relationOf(call.value("relation"), "create_schema").schema ?? "",
      )
      return ""
    },
    "duckdb",
  ),
  dispatched(
    "get_columns_in_relation",
    { relation: REQUIRED },
    async (call: Call) => {
      const { context } = call.host
      if (!context.execute) return []
      const columns = await context.invocation.database.columns(
        await context.session(),
        relationOf(call.value("relation"), "get_columns_in_relation"),
      )
      return columns.map((column) => new ColumnObject(column))
    },
    "duckdb",
  ),
  dispatched("get_columns_in_query", { select_sql: REQUIRED }, async (call: Call) => {
    const { context } = call.host
    if (!context.execute) return []
    const result = await (await context.session()).result(
      `select * from (${call.text("select_sql")}) as q where false limit 0`,
    )
    return result.columns
  }),
  dispatched(
    "get_empty_subquery_sql",
    { select_sql: REQUIRED, select_sql_header: null },
    (call) => `select * from (${call.text("select_sql")}) as __dbt_sbq where false limit 0`,
    "duckdb",
  ),
  dispatched(
    "get_intervals_between",
    { start_date: REQUIRED, end_date: REQUIRED, datepart: REQUIRED },
    async (call: Call) => {
      const { context } = call.host
      const span = await call.host.macro("datediff", [
        call.value("start_date"),
        call.value("end_date"),
        call.value("datepart"),
      ])
      if (!context.execute) return null
      const result = await (await context.session()).result(`select ${pythonStr(span)}`)
      return Number(result.rows[0]?.[0] ?? 0)
    },
  ),
  plain("in_transaction", { sql: REQUIRED }, (call) =>
    JSON.stringify({ sql: call.text("sql"), transaction: true }),
  ),
  plain("before_begin", { sql: REQUIRED }, (call) =>
    JSON.stringify({ sql: call.text("sql"), transaction: false }),
  ),
  plain("after_commit", { sql: REQUIRED }, (call) =>
    JSON.stringify({ sql: call.text("sql"), transaction: false }),
  ),
  plain("set_sql_header", { config: REQUIRED }, async (call: Call) => {
    const { context } = call.host
    if (context.captured !== undefined) context.captured.config["sql_header"] = await call.host.caller()
    else if (context.node !== undefined) context.node.config["sql_header"] = await call.host.caller()
    return ""
  }),
]

function fullRefreshOf(config: unknown, flag: boolean): boolean {
  return typeof config === "boolean" ? config : flag
}

/** The key of a version in a snapshot. */
export function hashArguments(args: readonly string[]): string {
  return `md5(${args.map((arg) => `coalesce(cast(${arg} as varchar ), '')`).join(" || '|' || ")})`
}

async function existing(call: Call): Promise<unknown> {
  const { context } = call.host
  if (!context.execute) return null
  const value = call.value("relation")
  if (!(value instanceof RelationObject)) throw projectError("load_relation needs a relation")
  const found = await context.invocation.database.existing(await context.session(), value.relation)
  return found === undefined ? null : new RelationObject(found)
}
