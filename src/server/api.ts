import type { Answer } from "../metrics/answer.ts"
import type { Behind, Definition } from "../metrics/behind.ts"
import type { LineageNode } from "../metrics/lineage.ts"
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
  /** No source of the shop states a value. */
  valueless: boolean
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

/** `GET /api/annotations`: a list of these, by day. `POST` adds one of day and text, `DELETE /api/annotations/<id>` removes one. */
export interface Annotation {
  id: string
  day: string
  text: string
  /** Who wrote it; absent where nobody signs in. */
  by?: string | undefined
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
  /** The newest deliveries, the newest first. */
  deliveries: {
    source: string
    dataset: string
    asOf: string
    kind: string
    rows: number
    rejected: number
    flagged: number
    /** Share of the records without a fault. */
    score: number | null
  }[]
  /** By data set and column of the newest delivery: how many records have no value. */
  columns: { source: string; dataset: string; column: string; rows: number; missing: number }[]
}

/** `GET /api/errors?q=…`: the records that fail a screen, the open ones first. */
export interface ErrorsReply {
  total: number
  records: {
    /** Where the record is, as it was delivered. */
    file: string | null
    line: number | null
    column: string | null
    /** As delivered; its hash where it is personal. */
    value: string | null
    record: string | null
    rejected: boolean
    open: boolean
    since: string
  }[]
}

/** `GET /api/lineage`: from the delivered data sets to the marts. */
export interface LineageReply {
  nodes: (LineageNode & { rows: number | undefined })[]
}

/** `GET /api/runs`: the newest first. */
export interface RunsReply {
  runs: {
    run: string
    command: string
    status: string
    startedAt: string
    endedAt: string | undefined
    steps: { name: string; status: string; seconds: number | undefined }[]
    errors: string[]
  }[]
}

/** A customer by name. What is personal bears the name of its column: by it, it is hidden from viewers. */
export interface Person {
  /** An integer beyond what JSON numbers hold. */
  customerDurableKey: string
  customerId: string | null
  customerName: string | null
  email: string | null
}

/** `GET /api/customers?q=…`: customers behind a number, the most valuable first. */
export interface CustomersReply {
  total: number
  customers: {
    person: Person
    country: string | null
    segment: string
    /** Recency, frequency and value, 1 to 5. */
    scores: [number, number, number]
    orders: number
    netSales: number
    currency: string | null
    lastPurchase: string
  }[]
}

/** `GET /api/customer?q={"customer":"…"}`: what is known of one, and when it happened; the newest first. */
export interface CustomerReply {
  person: Person
  segment: string | null
  /** How the customer was known, and from when to when. */
  versions: {
    from: string | null
    to: string | null
    country: string | null
    city: string | null
    channel: string | null
    deleted: boolean
  }[]
  orders: {
    at: string
    order: string
    status: string | null
    netSales: number
    currency: string | null
    items: number
    channel: string
    knownBy: string
  }[]
  sessions: { at: string; channel: string; browser: string; path: string; purchased: boolean }[]
}
