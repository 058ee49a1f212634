import { listRuns, readRun } from "../pipeline/run-record.ts"
import type { RunsReply } from "./api.ts"

/** Runs that are listed. */
const RUNS = 30

/** The newest runs by their records; one whose record is not whole is passed over. @param folder of all runs */
export function runsReply(folder: string): RunsReply {
  const runs = listRuns(folder)
    .slice(-RUNS)
    .toReversed()
    .flatMap((id): RunsReply["runs"] => {
      const record = readRun(folder, id)
      if (record === undefined) return []
      const { plan, state } = record
      return [
        {
          run: id,
          command: plan.command,
          status: state.status,
          startedAt: plan.startedAt,
          endedAt: state.endedAt,
          steps: Object.entries(state.steps).map(([name, step]) => ({
            name,
            status: step.status,
            seconds: secondsBetween(step.startedAt, step.endedAt),
          })),
          errors: (state.errors ?? []).map((error) => messageIn(error)),
        },
      ]
    })
  return { runs }
}

function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : (Date.parse(to) - Date.parse(from)) / 1000
}

function messageIn(error: unknown): string {
  const message =
    typeof error === "object" && error !== null && "message" in error ? error.message : undefined
  return typeof message === "string" ? message : "an error without a message"
}
