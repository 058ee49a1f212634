import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PLAIN_CSV } from "../core/csv.fixture.ts"
import type { DeliveredFile, Delivery } from "../core/delivery.ts"
import { silentEffects } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import { localStorage } from "../storage/local/local-storage.ts"
import type { Storage } from "../storage/storage.ts"
import { land } from "./land.ts"
import { openLake } from "./lake.ts"

/**
 * An empty lake, and deliveries to it that count how much of them is read. A file that says `broken` is not whole, one that says
 * `nothing` has no records.
 */
export function emptyLake() {
  const storage: Storage = localStorage(mkdtempSync(join(tmpdir(), "cartwright-lake-")))
  const read = { bytes: 0 }
  const file = (name: string, content: string, version = "1"): DeliveredFile => ({
    name,
    size: Buffer.byteLength(content),
    version,
    async *read() {
      read.bytes += content.length
      yield Buffer.from(content)
    },
    inspect: () => ({
      push: () => undefined,
      finish: async () => {
        if (content === "broken") throw new CartwrightError("extract", "the file is broken")
        return { ...PLAIN_CSV, columns: ["id"], hasRecords: content !== "nothing" }
      },
    }),
  })
  const open = () => openLake(storage)
  /** Lands files, of theLook's events at a time of their own unless stated. */
  const deliver = async (files: DeliveredFile[], of: Partial<Delivery> = {}) => {
    read.bytes = 0
    const asOf = new Date("2026-02-07T10:00:00Z")
    const whole = { source: "thelook", dataset: "events", kind: "full", timeFrom: "modification" } as const
    const wanted: Delivery = { ...whole, asOf, files, ...of }
    const lake = await open()
    return land(lake, wanted, await lake.landings(wanted.source, wanted.dataset), "run-1", silentEffects())
  }
  const keys = async (): Promise<string[]> => {
    const found: string[] = []
    for await (const { key } of storage.list("")) found.push(key)
    return found
  }
  return { storage, read, file, open, deliver, keys }
}
