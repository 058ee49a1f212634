import type { Session } from "../../warehouse/warehouse.ts"
import type { Database } from "../adapter/database.ts"
import type { Relation } from "../adapter/relation.ts"
import type { NodeContext } from "../context/context.ts"
import type { DbtNode } from "../nodes.ts"

/** What building one node needs and yields. */
export interface NodeRun {
  node: DbtNode
  context: NodeContext
  session: Session
  database: Database
  /** The relation that the node makes. */
  target: Relation
  /** The node's compiled SQL. */
  sql: string
  fullRefresh: boolean
  /** Rebuilds the node's context to render its hooks. */
  renderHook(sql: string): Promise<string>
  /** Every statement that builds the node, for target/run. */
  executed: string[]
}

/** What a node answered: its message in the log and results, and rows where the engine tells them. */
export interface NodeAnswer {
  message: string
  rowsAffected?: number
  code?: string
}

/** Runs a statement that builds the node and keeps it for target/run. */
export async function execute(run: NodeRun, sql: string): Promise<number> {
  run.executed.push(sql)
  return run.session.run(sql)
}
