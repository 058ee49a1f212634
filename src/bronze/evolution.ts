import { CartwrightError } from "../core/errors.ts"
import type { Landing } from "../lake/lake.ts"
import { timestamp } from "./append.ts"
import { columnsOf, forgetColumns, recordColumns } from "./columns.ts"
import type { LoadContext, Neighbours } from "./load-context.ts"
import { type ColumnsOfContent, probableRenames } from "./renames.ts"
import { compareSchemas, columnsBeyond, describeChange, type SchemaChange, stops } from "./schema-changes.ts"

/** How a landing's columns differ from its predecessor's, in the order of extraction. */
export interface LandingChanges {
  landing: Landing
  predecessor: Landing
  changes: SchemaChange[]
}

/** A landing that is not loaded before a person has accepted its columns. */
export class HeldBySchema extends CartwrightError {
  /** What changed, as a sentence. */
  readonly detail: string

  constructor({ source, dataset, landingId, files }: Landing, detail: string) {
    super(
      "screen",
      `${source}.${dataset} is held: its columns are not those of the delivery before it: ${detail}`,
      {
        place: files.map((file) => file.name).join(", "),
        next: `Accept the change with \`cartwright accept ${landingId}\`, or set \`schema: evolve\` or \`schema: freeze\` for ${dataset} in cartwright.yaml; then run again.`,
        state: "The delivery is kept in the lake; bronze is unchanged.",
      },
    )
    this.detail = detail
  }
}

/**
 * Refuses, without reading it again, a landing that was held before and still is.
 * @throws HeldBySchema
 */
export async function refuseHeld(
  context: LoadContext,
  landing: Landing,
  predecessor: Landing | undefined,
): Promise<void> {
  const { session, names } = context
  if (!canBeHeld(context, landing) || predecessor === undefined) return
  const columns = await columnsOf(context, landing)
  const before = await columnsOf(context, predecessor)
  if (columns === undefined || before === undefined) return
  const changes = compareSchemas({ landing: predecessor, columns: before }, { landing, columns })
  if (!changes.some(stops)) return
  const [told] = await session.rows<{ detail: string }>(
    `select detail from ${names.heldLandings} where landing_id = ?`,
    [landing.landingId],
  )
  throw new HeldBySchema(landing, told?.detail ?? sentenceOf(changes))
}

/**
 * What a landing changes against its predecessor, and what its successor changes against it: in whatever order landings
 * arrive, each is compared with the one before it in time.
 * @throws HeldBySchema when the data set's schema says stop and nobody has accepted the change
 */
export async function changesAround(
  context: LoadContext,
  content: ColumnsOfContent,
  { predecessor, successors: [successor] }: Neighbours,
): Promise<LandingChanges[]> {
  const { landing } = content
  const found: LandingChanges[] = []
  for (const [before, after] of [
    [predecessor, landing],
    [landing, successor],
  ]) {
    if (before === undefined || after === undefined) continue
    const changes = await changesBetween(context, before, after, content)
    if (changes !== undefined) found.push({ landing: after, predecessor: before, changes })
  }
  const own = found.find((each) => each.landing === landing)
  if (own !== undefined && canBeHeld(context, landing) && own.changes.some(stops)) {
    await forgetColumns(context, landing)
    await recordColumns(context, landing, content.columns)
    throw new HeldBySchema(landing, sentenceOf(own.changes))
  }
  return found
}

function canBeHeld({ schema }: LoadContext, { decided, accepted }: Landing): boolean {
  return schema === "stop" && decided === undefined && accepted.schema === undefined
}

function sentenceOf(changes: readonly SchemaChange[]): string {
  return changes.filter(stops).map(describeChange).join("; ")
}

/** @param content the landing of the two that is staged */
async function changesBetween(
  context: LoadContext,
  before: Landing,
  after: Landing,
  content: ColumnsOfContent,
): Promise<SchemaChange[] | undefined> {
  const of = async (landing: Landing) =>
    landing === content.landing ? content.columns : columnsOf(context, landing)
  const [old, fresh] = [await of(before), await of(after)]
  if (old === undefined || fresh === undefined) return undefined
  const dropped = columnsBeyond(old, fresh)
  const added = columnsBeyond(fresh, old)
  const renames =
    dropped.length === 0 || added.length === 0
      ? new Map<string, string>()
      : await probableRenames(context, content, { before, after, dropped, added })
  return compareSchemas({ landing: before, columns: old }, { landing: after, columns: fresh }, renames)
}

/** What is recorded of a landing's changes, as a sentence; empty where nothing is. */
export async function recordedChanges({ session, names }: LoadContext, landingId: string): Promise<string> {
  const rows = await session.rows<Omit<SchemaChange, "column"> & { name: string | null }>(
    `select change, column_name as name, detail, related_column as related from ${names.schemaChanges}
     where landing_id = ? order by change, column_name`,
    [landingId],
  )
  return sentenceOf(rows.map(({ name: column, ...change }) => ({ ...change, column })))
}

/** Forgets what was recorded of some landings' changes, which is to be recorded anew. */
export async function forgetChanges(
  { session, names, warehouse }: LoadContext,
  all: readonly LandingChanges[],
): Promise<void> {
  const ids = all.map(({ landing }) => warehouse.literal(landing.landingId))
  if (ids.length > 0)
    await session.run(`delete from ${names.schemaChanges} where landing_id in (${ids.join(", ")})`)
}

/** Records the changes of some landings. */
export async function recordChanges(
  { session, names, warehouse }: LoadContext,
  all: readonly LandingChanges[],
): Promise<void> {
  for (const { landing, predecessor, changes } of all) {
    const { landingId, source, dataset, asOf } = landing
    if (changes.length === 0) continue
    const text = (value: string | null) => (value === null ? "null" : warehouse.literal(value))
    const rows = changes.map(({ change, column, detail, related }) =>
      [
        ...[landingId, source, dataset, change, column, detail, related, predecessor.landingId].map(text),
        timestamp(asOf),
      ].join(", "),
    )
    await session.run(`insert into ${names.schemaChanges} values ${rows.map((row) => `(${row})`).join(", ")}`)
  }
}
