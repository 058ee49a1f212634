import { filesConnector } from "../../connectors/files/files-connector.ts"
import type { Effects } from "../../core/effects.ts"
import { CartwrightError } from "../../core/errors.ts"
import { type JudgedTable, judgeTables } from "../../quality/profile/profile.ts"
import type { Verdict } from "../../quality/profile/report.ts"
import { localStorage } from "../../storage/local/local-storage.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import { deliveriesRead } from "../profiling/deliveries-read.ts"
import { readBeginning, readWhole, withScratchEngine } from "../profiling/read-tables.ts"
import type { FoundDataset } from "../recognise/recognise.ts"

/** So many records of each data set are looked at. Enough to see what repeats and what refers to what. */
const RECORDS_LOOKED_AT = 20_000

/**
 * The profile's verdict on each data set of a folder, by the beginnings of its files. A data set that cannot be read now
 * has none, nor has the only one: it can be no repetition of another.
 */
export async function judgeDatasets(
  folder: string,
  datasets: readonly FoundDataset[],
  effects: Effects,
): Promise<Map<FoundDataset, Verdict>> {
  const readable = datasets.filter(({ found }) => found.some(({ problem }) => problem === undefined))
  if (readable.length < 2) return new Map()
  return withScratchEngine(effects, async (session) => {
    const judged: { dataset: FoundDataset; table: JudgedTable }[] = []
    for (const [i, dataset] of readable.entries()) {
      const table = await readSome(session, `table_${i}`, folder, dataset, effects)
      if (table !== undefined) judged.push({ dataset, table })
    }
    const verdicts = await judgeTables(
      session,
      judged.map(({ table }) => table),
      effects,
    )
    return new Map(judged.map(({ dataset }, i) => [dataset, verdicts[i] as Verdict]))
  })
}

async function readSome(
  session: Session,
  table: string,
  folder: string,
  { source, dataset, files: glob, found }: FoundDataset,
  effects: Effects,
): Promise<JudgedTable | undefined> {
  const declared = { name: source, files: { path: folder, datasets: { [dataset]: { files: glob } } } }
  const offered = await filesConnector(declared).deliveries(dataset)
  if (!Array.isArray(offered)) return undefined
  const wanted = new Set(deliveriesRead(offered, {}).flatMap(({ files }) => files.map(({ name }) => name)))
  const files = found
    .filter(({ name, problem }) => wanted.has(name) && problem === undefined)
    .map((file) => ({ ...file, hasRecords: true }))
  if (files.length === 0) return undefined
  try {
    return { name: dataset, ...(await readBeginning(session, table, folder, files, RECORDS_LOOKED_AT)) }
  } catch {
    // A broken record, or an encoding that the beginning does not show: the file is read as load reads it.
  }
  try {
    return {
      name: dataset,
      ...(await readWhole(session, table, localStorage(folder), files, { files: glob }, effects)),
    }
  } catch (error) {
    if (error instanceof CartwrightError && error.code === "load") return undefined
    throw error
  }
}
