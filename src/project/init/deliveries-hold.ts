import { runsAlike } from "../../bronze/reading.ts"
import { textRelation } from "../../bronze/relations.ts"
import { filesConnector } from "../../connectors/files/files-connector.ts"
import type { SurveyedFile } from "../../connectors/files/survey.ts"
import type { Delivery } from "../../core/delivery.ts"
import type { Effects } from "../../core/effects.ts"
import type { ManifestFile } from "../../lake/manifest.ts"
import { quoteIdentifier } from "../../warehouse/duckdb/duckdb-warehouse.ts"
import { localStorage } from "../../storage/local/local-storage.ts"
import type { Session } from "../../warehouse/warehouse.ts"
import { readWhole, withScratchEngine } from "../profiling/read-tables.ts"
import type { FoundDataset } from "../recognise/recognise.ts"

/**
 * The data sets whose deliveries bring only new and changed records: of the keys of the first delivery, the second has
 * fewer than half. Only data sets with a known key and files of several dates can tell; a file that cannot be read
 * at all tells nothing.
 */
export async function incrementalDatasets(
  folder: string,
  datasets: readonly FoundDataset[],
  effects: Effects,
): Promise<Set<FoundDataset>> {
  const dated: { dataset: FoundDataset; first: Delivery; second: Delivery }[] = []
  for (const dataset of datasets) {
    const declared = { [dataset.dataset]: { files: dataset.files } }
    const connector = filesConnector({ name: dataset.source, files: { path: folder, datasets: declared } })
    const offered = await connector.deliveries(dataset.dataset)
    if (!Array.isArray(offered) || dataset.known?.key === undefined) continue
    const [first, second] = offered
    if (first !== undefined && second !== undefined) dated.push({ dataset, first, second })
  }
  if (dated.length === 0) return new Set()
  return withScratchEngine(effects, async (session) => {
    const found = new Set<FoundDataset>()
    for (const [i, { dataset, first, second }] of dated.entries()) {
      const asLoaded = () => withBrokenRecords(session, folder, dataset, [first, second], `set_${i}`, effects)
      const kept = await shareOfKeys(session, folder, dataset, first, second)
        .catch(async () => shareOf(session, await asLoaded()))
        .catch((error: unknown) => {
          if (effects.signal.aborted) throw error
          return 1
        })
      if (kept < 0.5) found.add(dataset)
    }
    return found
  })
}

/**
 * The part of the first delivery's keys that the second one has, 0 to 1.
 * @throws the engine's error where a broken record is among them
 */
async function shareOfKeys(
  session: Session,
  folder: string,
  dataset: FoundDataset,
  first: Delivery,
  second: Delivery,
): Promise<number> {
  const key = keyOf(dataset)
  const keysOf = async (delivery: Delivery): Promise<string> => {
    const queries: string[] = []
    for (const run of runsAlike(filesOf(dataset, delivery).map(asRead))) {
      const paths = run.map(({ name }) => `${folder}/${name}`)
      const batch = { paths, file: run[0] as ManifestFile, cleaned: false }
      const { columns, expressions, from } = await textRelation(session, batch, [])
      const named = columns.map((column, i) => `${expressions[i]} as ${quoteIdentifier(column)}`)
      queries.push(`select ${key} from (select ${named.join(", ")} from ${from})`)
    }
    return queries.join(" union all ")
  }
  return shareOf(session, [await keysOf(first), await keysOf(second)])
}

/** Queries of the keys of deliveries with broken records, which are left out as load does. */
async function withBrokenRecords(
  session: Session,
  folder: string,
  dataset: FoundDataset,
  deliveries: readonly Delivery[],
  name: string,
  effects: Effects,
): Promise<string[]> {
  const queries: string[] = []
  for (const [i, delivery] of deliveries.entries()) {
    const files = filesOf(dataset, delivery).map((file) => ({ ...file, hasRecords: true }))
    await readWhole(session, `${name}_${i}`, localStorage(folder), files, { files: dataset.files }, effects)
    queries.push(`select ${keyOf(dataset)} from ${name}_${i}`)
  }
  return queries
}

async function shareOf(session: Session, keys: readonly string[]): Promise<number> {
  const [row] = await session.rows<{ share: number }>(
    `with first as (${keys[0]}), second as (${keys[1]})
     select (select count(*) from (select * from first intersect select * from second))
       / (select count(*) from (select distinct * from first))::double as share`,
  )
  return row?.share ?? 1
}

function keyOf({ known }: FoundDataset): string {
  return (known?.key ?? []).map(quoteIdentifier).join(", ")
}

function filesOf({ found }: FoundDataset, { files }: Delivery): SurveyedFile[] {
  const names = new Set(files.map(({ name }) => name))
  return found.filter(({ name }) => names.has(name))
}

function asRead(file: SurveyedFile): ManifestFile {
  return { ...file, key: file.name, sourceVersion: "", sha256: "" }
}
