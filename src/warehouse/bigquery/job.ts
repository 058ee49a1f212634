import { type ErrorProto, JobFailure } from "./problem.ts"
import type { Cell, Field, QueryParameter } from "./values.ts"

export interface QueryConfiguration {
  query: string
  queryParameters?: QueryParameter[]
  createSession?: boolean
  connectionProperties?: { key: string; value: string }[]
}

/** What is asked of BigQuery: a query or a load, under an id that stands for it. */
export interface JobRequest {
  id: string
  labels?: Record<string, string>
  configuration: { query: QueryConfiguration } | { load: object }
  /** How the job is sent, where that is not a plain request. @returns the job's resource */
  send?: (job: object) => Promise<unknown>
  /** Whether a job that failed may be tried again under another id. False within a transaction, which the failure ends. */
  again: boolean
  /** Goes on where everything else is stopped: what cleans up. */
  always?: boolean
}

export interface FinishedJob {
  id: string
  /** Whether the job was there already: of an earlier attempt of the same step. */
  takenOver: boolean
  first: Page
}

/** A page of results; of a load, none. */
export interface Page {
  jobComplete?: boolean
  schema?: { fields?: Field[] }
  rows?: { f: Cell[] }[]
  pageToken?: string
  numDmlAffectedRows?: string
}

/** A job as BigQuery describes it, as far as we read it. */
export interface JobResource {
  jobReference?: { jobId?: string }
  status?: { state?: string; errorResult?: ErrorProto; errors?: ErrorProto[] }
  statistics?: {
    totalBytesProcessed?: string
    sessionInfo?: { sessionId?: string }
    query?: {
      statementType?: string
      numDmlAffectedRows?: string
      totalBytesBilled?: string
      totalBytesProcessedAccuracy?: string
      referencedTables?: unknown[]
    }
    load?: { outputRows?: string; badRecords?: string }
  }
}

/** A query as it is sent. */
export function sent(query: QueryConfiguration): object {
  const { queryParameters = [] } = query
  return {
    useLegacySql: false,
    ...query,
    ...(queryParameters.length > 0 ? { parameterMode: "POSITIONAL" } : {}),
  }
}

/** @throws JobFailure when the job failed */
export function throwFailure(resource: JobResource | undefined): void {
  const { errorResult, errors = [] } = resource?.status ?? {}
  if (errorResult !== undefined) throw new JobFailure(errorResult, errors)
}

/** The client throws, with the job, where the job failed at once, and also where it only comes with warnings. */
export function throwUnlessStarted(error: unknown): void {
  const { response } = error as { response?: JobResource }
  if (response?.jobReference === undefined) throw error
  throwFailure(response)
}
