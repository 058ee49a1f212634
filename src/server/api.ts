import type { Answer } from "../metrics/answer.ts"
import type { Behind, Definition } from "../metrics/behind.ts"
import type { Period } from "../metrics/period.ts"
import type { Script } from "../metrics/script.ts"

/** What the server answers; the page imports these types and nothing else of the program. */

/** `GET /api/shop`. */
export interface ShopReply {
  name: string
  version: string
  publishedAt: string
  /** Days that have data. */
  coverage: Period | undefined
  /** Periods by name, as of the last day that has data. */
  presets: ({ name: string } & Period)[]
  metrics: ListedMetric[]
  dimensions: ListedDimension[]
}

export interface ListedMetric extends Definition {
  better: "more" | "less" | undefined
  /** Why it has no numbers in this shop. */
  missing: string | undefined
  grade: "A" | "B" | "C" | "D" | undefined
}

export interface ListedDimension {
  name: string
  label: string
  description: string | undefined
}

/** `GET /api/query?q=…`. */
export type QueryReply = Answer

/** `GET /api/explain?q=…`. */
export interface ExplainReply {
  definitions: Definition[]
  sql: Script
  behind: Behind
}

/** `GET /api/version`. */
export interface VersionReply {
  version: string
}

/** `GET /api/session`: who asks. */
export interface SessionReply {
  /** Absent where this machine needs no sign-in. */
  name: string | undefined
  /** A viewer sees no personal data and changes nothing. */
  role: "viewer" | "admin"
}

/** Any reply that is no success. */
export interface ErrorReply {
  error: { code: string; message: string; choices: readonly string[]; next: string | undefined }
}

/** `GET /api/data`: what was delivered, and what became of it. */
export interface DataReply {
  /** By data set: the newest delivery, and where all rows of the change log went. */
  datasets: {
    source: string
    dataset: string
    asOf: string
    deliveries: number
    received: number
    rejected: number
    repeated: number
    replaced: number
    deleted: number
    current: number
    unexplained: number
  }[]
  /** Screens that failed, the open ones first. */
  failures: {
    source: string
    dataset: string
    screen: string
    description: string | null
    action: string
    records: number
    open: number
    since: string
  }[]
  screens: number
}
