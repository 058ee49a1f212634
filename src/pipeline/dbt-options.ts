import { join } from "node:path"
import { dbtEnvironment, writeRunProfile } from "../project/profile.ts"
import type { DbtOptions, NodeEvent } from "../transform/dbt.ts"
import { LAYER_NODES } from "./layers.ts"
import type { RunContext } from "./run-context.ts"

/**
 * How a run calls dbt: `dbt build` with a profile of its own and its artifacts in the run's folder.
 * @param sources the data sets by source, where not all that cartwright.yaml names have landed
 * @param project as `projectKey`
 */
export function dbtOptions(
  context: RunContext,
  sources: Record<string, string[]> | undefined,
  project: string,
): DbtOptions {
  const { shop, record, effects, environment, runId, layer } = context
  return {
    command: "build",
    projectDir: shop.paths.dbtProject,
    profilesDir: writeRunProfile(shop, record.folder, environment),
    ...(layer === undefined ? {} : LAYER_NODES[layer]),
    fullRefresh: context.fullRefresh,
    threads: shop.config.transform.threads,
    targetPath: join(record.folder, "dbt"),
    texts: "failed",
    parseStore: { file: join(shop.paths.runs, "parsed-project"), projectKey: project },
    environment: dbtEnvironment(shop, environment, runId),
    effects,
    onNode: (event) => reportNode(context, event),
    ...(sources === undefined ? {} : { vars: { sources } }),
  }
}

function reportNode(context: RunContext, event: NodeEvent): void {
  const { effects, record } = context
  if (event.kind === "message") {
    record.log({ step: "transform", level: event.level, message: event.text })
    return
  }
  const place = `${event.index} of ${event.total}`
  if (event.kind === "start") {
    effects.report({ step: "transform", name: event.name, status: "start", message: place })
    return
  }
  const { result } = event
  const status = {
    success: "done",
    pass: "done",
    "no-op": "done",
    warn: "warned",
    skipped: "skipped",
    fail: "failed",
    error: "failed",
  } as const
  effects.report({
    step: "transform",
    name: result.name,
    status: status[result.status],
    elapsedMs: result.elapsedMs,
    message:
      result.message === undefined || status[result.status] === "done"
        ? place
        : `${place}: ${firstWords(result.message)}`,
  })
}

/** What a node says went wrong, without dbt's heading and the SQL around it. */
export function firstWords(message: string): string {
  const lines = message.split("\n").map((line) => line.trim())
  return lines.find((line) => line !== "" && !/^\w+ Error in \w+ /.test(line)) ?? message
}
