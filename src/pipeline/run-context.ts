import type { Effects } from "../core/effects.ts"
import type { CartwrightError } from "../core/errors.ts"
import type { Lake } from "../lake/lake.ts"
import type { Shop } from "../project/shop.ts"
import type { Layer } from "./layers.ts"
import type { Ledger } from "./ledger.ts"
import type { ParsedAhead } from "./parse-ahead.ts"
import type { RunRecord, StepName } from "./run-record.ts"

/** What every step of one run works with. */
export interface RunContext {
  shop: Shop
  runId: string
  record: RunRecord
  lake: Lake
  ledger: Ledger
  /** Writes the ledger, with the warehouse file as it is now. */
  saveLedger(): void
  /**
   * From here to the end of the run the warehouse stays open, so that it is opened and checkpointed once and not by every
   * step. Not where real dbt has to open it.
   */
  holdWarehouse(): Promise<void>
  /** The dbt project, where it is being parsed already; undefined in the end where it cannot be. */
  parsedAhead?: Promise<ParsedAhead | undefined>
  /** Rows that the run has added to bronze; undefined where it did not look. */
  rowsLoaded?: number
  /** Only these sources, or data sets as `source.dataset`. */
  select: readonly string[] | undefined
  asOf: Date | undefined
  /** Deliveries whose path dates them from this time on wait. */
  before: Date | undefined
  /** Transforms this layer alone. */
  layer: Layer | undefined
  fullRefresh: boolean
  environment: Readonly<Record<string, string | undefined>>
  effects: Effects
  /** Failures that stop nothing but count in the end. */
  problems: CartwrightError[]
  /** Plain sentences for a person. */
  notices: string[]
}

/** What a step tells of itself. */
export interface StepResult {
  status: "done" | "unchanged" | "failed"
  /** For the run's record and for machines. */
  result: Record<string, unknown>
}

export type Step = (context: RunContext) => Promise<StepResult>
export type Steps = Readonly<Record<StepName, Step>>

export function isSelected(context: RunContext, source: string, dataset: string): boolean {
  return (
    context.select === undefined ||
    context.select.includes(source) ||
    context.select.includes(`${source}.${dataset}`)
  )
}
