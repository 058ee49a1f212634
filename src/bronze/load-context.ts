import type { Effects } from "../core/effects.ts"
import type { SchemaPolicy } from "../core/file-format.ts"
import type { Lake, Landing } from "../lake/lake.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import type { Reader } from "./reader.ts"
import type { ReadingRules } from "./reading.ts"
import type { BronzeNames } from "./schema.ts"

/** When a full snapshot misses more of its predecessor's records than the greater of the two, it is taken as partial. */
export interface DeleteGuard {
  records: number
  /** Of the predecessor's records, 0 to 1. */
  share: number
}
export const DELETE_GUARD: DeleteGuard = { records: 100, share: 0.2 }

/** What loading the landings of one data set works with. */
export interface LoadContext {
  lake: Lake
  warehouse: Warehouse
  /** Of the warehouse. */
  session: Session
  reader: Reader
  names: BronzeNames
  rules: ReadingRules
  schema: SchemaPolicy
  /** Whether a delivery holds all records, as the data set is declared now. */
  kind: "full" | "incremental"
  guard: DeleteGuard
  effects: Effects
  /** Where copies go for a while. @defaultValue the system's folder for temporary files */
  scratch?: string | undefined
  /** After how many days a part of a log goes. Only of one whose deliveries are not compared with all that was before. */
  expiryDays?: number | undefined
}

/** The landings around one, in the order of extraction, that the log has already; with the kinds that it has them as. */
export interface Neighbours {
  predecessor: Landing | undefined
  successors: readonly Landing[]
}

/** How many of a predecessor's records a full snapshot may miss. */
export function allowedToMiss({ records, share }: DeleteGuard, of: number): number {
  return Math.max(records, Math.floor(share * of))
}
