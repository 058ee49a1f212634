import type { NodeStatus } from "../dbt.ts"
import type { Invocation } from "../context/context.ts"
import { DBT_VERSION } from "../project/project-file.ts"
import { artifactJson } from "./json.ts"
import { utcText } from "./manifest.ts"

/** What is known of one node when it has ended. */
export interface RunRecord {
  uniqueId: string
  status: NodeStatus
  thread: string
  compileStarted: Date | undefined
  executeStarted: Date | undefined
  ended: Date
  message: string | null
  failures: number | null
  response: Record<string, unknown>
  compiledCode: string | null
  relationName: string | null
}

/** The text of run_results.json, schema v6. */
export function runResultsJson(
  invocation: Invocation,
  records: readonly RunRecord[],
  elapsedMs: number,
  args: Record<string, unknown>,
): string {
  return artifactJson({
    metadata: {
      dbt_schema_version: "https://schemas.getdbt.com/dbt/run-results/v6.json",
      dbt_version: DBT_VERSION,
      generated_at: utcText(invocation.effects.now()),
      invocation_id: invocation.id,
      invocation_started_at: utcText(invocation.startedAt),
      env: {},
    },
    results: records.map(result),
    elapsed_time: elapsedMs / 1000,
    args,
  })
}

function result(record: RunRecord): Record<string, unknown> {
  const { compileStarted, executeStarted, ended } = record
  const timing = []
  if (compileStarted !== undefined) {
    timing.push({
      name: "compile",
      started_at: utcText(compileStarted),
      completed_at: utcText(executeStarted ?? ended),
    })
  }
  if (executeStarted !== undefined) {
    timing.push({ name: "execute", started_at: utcText(executeStarted), completed_at: utcText(ended) })
  }
  const started = compileStarted ?? executeStarted ?? ended
  return {
    status: record.status,
    timing,
    thread_id: record.thread,
    execution_time: (ended.getTime() - started.getTime()) / 1000,
    adapter_response: record.response,
    message: record.message,
    failures: record.failures,
    unique_id: record.uniqueId,
    compiled: record.compiledCode === null ? null : true,
    compiled_code: record.compiledCode,
    relation_name: record.relationName,
    batch_results: null,
  }
}
