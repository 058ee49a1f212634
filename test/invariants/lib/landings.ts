import { PLAIN_CSV } from "../../../src/core/csv.fixture.ts"
import type { DeliveredFile, Delivery } from "../../../src/core/delivery.ts"
import { silentEffects } from "../../../src/core/effects.ts"
import { land } from "../../../src/lake/land.ts"
import { type Lake, type Landing, openLake } from "../../../src/lake/lake.ts"
import { localStorage } from "../../../src/storage/local/local-storage.ts"
import { asOf, DATASETS, recordOf, type TextRecord } from "./records.ts"
import type { Delivered, World } from "./world.ts"

/** A delivery that landed: what was recorded of it, and what it holds. */
export interface LandedDelivery {
  /** Its place in the world's list. */
  index: number
  delivered: Delivered
  records: TextRecord[]
  landing: Landing
}

/** The columns that a delivery has, in the order of its file. */
function columnsOf({ dataset, lacks }: Delivered): string[] {
  const { key, columns } = DATASETS[dataset]
  const all = [...(key === undefined ? [] : [key]), ...Object.keys(columns)]
  return all.filter((column) => column !== lacks)
}

export function recordsOf(world: World, delivered: Delivered): TextRecord[] {
  const columns = columnsOf(delivered)
  return delivered.records.map(([key, look]) => {
    const record = recordOf(world.salt, delivered.dataset, key, look)
    return Object.fromEntries(columns.map((column) => [column, record[column] ?? ""]))
  })
}

/**
 * Brings every delivery into a lake, in the order of extraction. What the lake knows already (the same content for the
 * same time) does not land again. Which snapshots count as partial is recorded, as the delete guard would have done.
 * @param folder where the lake is
 */
export async function landAll(
  world: World,
  folder: string,
): Promise<{ lake: Lake; landed: LandedDelivery[] }> {
  const lake = await openLake(localStorage(folder))
  const landed: LandedDelivery[] = []
  const inOrder = world.deliveries
    .map((delivered, index) => ({ delivered, index }))
    .sort((a, b) => a.delivered.day - b.delivered.day || a.index - b.index)
  for (const { delivered, index } of inOrder) {
    const { dataset, kind } = delivered
    const known = landed.filter((each) => each.delivered.dataset === dataset).map(({ landing }) => landing)
    const records = recordsOf(world, delivered)
    const { status, landing: manifest } = await land(
      lake,
      deliveryOf(delivered, records, index),
      known,
      "run",
      silentEffects(),
    )
    if (status === "unchanged") continue
    const decidedAt = manifest.asOf
    const decision = { kind, missing: 0, of: 0, allowed: 0, leftOut: [], decidedAt }
    const decided = await lake.decide(manifest, decision)
    landed.push({ index, delivered, records, landing: { ...manifest, kind, decided, accepted: {} } })
  }
  return { lake, landed }
}

/** A lake of which only some landings have arrived. */
export function withArrived(lake: Lake, arrived: readonly LandedDelivery[]): Lake {
  const landings = arrived
    .map(({ landing }) => landing)
    .sort((a, b) => (a.extractedAt < b.extractedAt ? -1 : a.extractedAt > b.extractedAt ? 1 : 0))
  return {
    ...lake,
    landings: async (source, dataset) =>
      landings.filter(
        (each) =>
          (source === undefined || each.source === source) &&
          (dataset === undefined || each.dataset === dataset),
      ),
  }
}

function deliveryOf(delivered: Delivered, records: readonly TextRecord[], index: number): Delivery {
  const { dataset, kind, day } = delivered
  return {
    source: DATASETS[dataset].source,
    dataset,
    kind: kind === "partial" ? "full" : kind,
    asOf: new Date(asOf(day)),
    timeFrom: "path",
    files: [csvFile(`${dataset}-${index}.csv`, columnsOf(delivered), records)],
  }
}

function csvFile(name: string, columns: string[], records: readonly TextRecord[]): DeliveredFile {
  const lines = [columns, ...records.map((record) => columns.map((column) => record[column] ?? ""))]
  const bytes = Buffer.from(lines.map((fields) => `${fields.map(csvField).join(",")}\n`).join(""))
  return {
    name,
    size: bytes.length,
    version: name,
    async *read() {
      yield bytes
    },
    inspect: () => ({
      push() {},
      async finish() {
        return {
          ...PLAIN_CSV,
          columns,
          hasRecords: true,
        }
      },
    }),
  }
}

function csvField(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
