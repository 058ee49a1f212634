import type { RunRecord } from "../artifacts/run-results.ts"
import type { Invocation } from "../context/context.ts"
import type { NodeResult } from "../dbt.ts"
import { isDbtNode, nodeOf } from "../nodes.ts"

/** A node's record as the callers of the runner get it. */
export function toResult(invocation: Invocation, record: RunRecord): NodeResult {
  const node = nodeOf(invocation.manifest, record.uniqueId)
  const dbtNode = node !== undefined && isDbtNode(node) ? node : undefined
  const rows = record.response["rows_affected"]
  return {
    uniqueId: record.uniqueId,
    name: node?.name ?? record.uniqueId,
    resourceType: node?.resource_type ?? record.uniqueId.split(".")[0] ?? "",
    relation: dbtNode?.relation_name ?? undefined,
    status: record.status,
    message: record.message ?? undefined,
    rowsAffected: typeof rows === "number" ? rows : undefined,
    failures: node?.resource_type === "test" ? (record.failures ?? undefined) : undefined,
    elapsedMs: record.ended.getTime() - (record.compileStarted ?? record.ended).getTime(),
    compiledPath: dbtNode?.compiled_path ?? undefined,
  }
}
