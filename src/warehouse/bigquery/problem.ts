import { messageOf } from "../../core/errors.ts"

/** What BigQuery, or the way to it, says against a request or a job. */
export interface Problem {
  /** Of the HTTP answer; undefined for a job that failed and for a broken connection. */
  status: number | undefined
  /** BigQuery's error code, e.g. `accessDenied`; a system's or a library's where there was no answer; else empty. */
  reason: string
  message: string
  /** What BigQuery says it is about: a file, a field, a position. */
  location: string | undefined
}

/** A job that was there and failed, unlike a request that did. */
export class JobFailure extends Error {
  readonly problem: Problem
  /** All that BigQuery says of it: of a load, its first bad rows. */
  readonly errors: readonly ErrorProto[]

  constructor({ reason, message, location }: ErrorProto, errors: readonly ErrorProto[]) {
    super(message ?? "the job failed")
    this.errors = errors
    this.problem = { status: undefined, reason: reason ?? "", message: this.message, location }
  }
}

/** As in `status.errorResult` and `status.errors` of a job. */
export interface ErrorProto {
  reason?: string
  message?: string
  location?: string
}

/** The client's errors: of the API with status and list, of the system with a code. */
interface Thrown {
  code?: number | string
  errors?: ErrorProto[]
}

export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof JobFailure) return thrown.problem
  const { code, errors } = thrown as Thrown
  const first = errors?.[0]
  return {
    status: typeof code === "number" ? code : undefined,
    reason: first?.reason ?? (typeof code === "string" ? code : ""),
    message: first?.message ?? messageOf(thrown),
    location: first?.location,
  }
}

const TRANSIENT_REASONS = new Set([
  "rateLimitExceeded",
  "userRateLimitExceeded",
  "jobRateLimitExceeded",
  "backendError",
  "internalError",
  "jobBackendError",
  "jobInternalError",
  "tableUnavailable",
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ENOTFOUND",
  "ENETUNREACH",
])

/** Whether the same may succeed in a moment: overload, a fault of the service, a broken connection. A used-up quota is none. */
export function isTransient({ status, reason, message }: Problem): boolean {
  if (TRANSIENT_REASONS.has(reason)) return true
  if (status !== undefined) return [408, 429, 500, 502, 503, 504].includes(status)
  return /socket hang up|network timeout|premature close|other side closed/i.test(message)
}

export const isMissing = ({ status, reason }: Problem): boolean => status === 404 || reason === "notFound"

export const isThereAlready = ({ status, reason }: Problem): boolean =>
  status === 409 || reason === "duplicate"

/** Whether a job was not started because one of its id was before. */
export const jobIsThere = (problem: Problem): boolean =>
  isThereAlready(problem) && /already exists: job/i.test(problem.message)
