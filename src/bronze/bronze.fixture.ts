import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { DatasetDeclaration, SourceDeclaration } from "../connectors/files/declaration.ts"
import { filesConnector } from "../connectors/files/files-connector.ts"
import { silentEffects } from "../core/effects.ts"
import { land } from "../lake/land.ts"
import { openLake } from "../lake/lake.ts"
import { localStorage } from "../storage/local/local-storage.ts"
import { openDuckDb } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Row } from "../warehouse/warehouse.ts"

export type Workshop = Awaited<ReturnType<typeof workshop>>

/** A folder of files, a lake and a warehouse in memory, for tests. */
export async function workshop(warehousePath = ":memory:") {
  const root = mkdtempSync(join(tmpdir(), "cartwright-workshop-"))
  const files = join(root, "files")
  mkdirSync(files)
  const effects = silentEffects()
  let writes = 0
  const warehouse = await openDuckDb({ path: warehousePath, threads: 2 })
  const session = await warehouse.session()
  return {
    root,
    files,
    effects,
    warehouse,
    session,
    lake: () => openLake(localStorage(join(root, "lake"))),
    rows: (sql: string): Promise<Row[]> => session.rows(sql),
    /** Writes a file below the source's folder, with a modification time: each a minute after the one before. */
    write(name: string, content: string | Uint8Array, modified?: string) {
      const path = join(files, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      const time = new Date(modified ?? Date.UTC(2026, 0, 1, 0, writes++))
      utimesSync(path, time, time)
      return path
    },
    source(datasets: Record<string, DatasetDeclaration>, name = "shop"): SourceDeclaration {
      return { name, files: { path: files, datasets } }
    },
    /** Lands one data set as it is in the folder now. @returns the landing's id */
    async land(dataset: string, declared: DatasetDeclaration, asOf?: string) {
      const lake = await openLake(localStorage(join(root, "lake")))
      const connector = filesConnector({
        name: "shop",
        files: { path: files, datasets: { [dataset]: declared } },
      })
      const deliveries = await connector.deliveries(dataset, asOf === undefined ? undefined : new Date(asOf))
      if ("error" in deliveries) throw deliveries.error
      const landed = []
      for (const delivery of deliveries) {
        landed.push(await land(lake, delivery, await lake.landings("shop", dataset), "run", effects))
      }
      return landed[0]?.landing.landingId as string
    },
    async close() {
      session.close()
      await warehouse.close()
    },
  }
}
