import { HostObject, Tuple } from "../jinja/index.ts"
import type { NodeContext, StatementResult } from "./context.ts"
import { TableObject } from "./table-object.ts"

/** What `load_result` gives: by key or by attribute. */
export class StatementResultObject extends HostObject {
  readonly #result: StatementResult

  constructor(result: StatementResult) {
    super()
    this.#result = result
  }

  override attribute(name: string): unknown {
    const { response, data, table } = this.#result
    if (name === "table") return table
    if (name === "data") return data
    if (name === "response")
      return { _message: response.message, code: response.code, rows_affected: response.rowsAffected }
    return undefined
  }

  override item(key: unknown): unknown {
    return this.attribute(String(key))
  }

  override toString(): string {
    return "<statement result>"
  }
}

/** Runs SQL for a macro on the node's session and keeps what it gave under a name. */
export async function runStatement(
  context: NodeContext,
  name: string | undefined,
  sql: string,
  fetch: boolean,
): Promise<StatementResult> {
  const session = await context.session()
  let result: StatementResult
  if (fetch) {
    const rows = await session.result(sql)
    const table = TableObject.of(rows)
    result = {
      response: { message: "OK", code: "OK", rowsAffected: -1 },
      data: table.values.map((row) => Tuple.from(row)),
      table,
    }
  } else {
    const changed = await session.run(sql)
    result = {
      response: { message: "OK", code: "OK", rowsAffected: changed },
      data: [],
      table: new TableObject([], [], []),
    }
  }
  if (name !== undefined) context.results.set(name, result)
  return result
}
