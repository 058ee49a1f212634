import { join } from "node:path"
import { silentEffects } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import { openLake } from "../lake/lake.ts"
import { localStorage } from "../storage/local/local-storage.ts"
import { openDuckDb } from "../warehouse/duckdb/duckdb-warehouse.ts"
import { extractSource } from "./extract.ts"
import { loadLandings } from "./load.ts"

// A process of its own, to be killed or starved: extracts and loads the folder that is its argument.
// A write beyond the limit then fails as on a full disk, in place of ending the process.
process.on("SIGXFSZ", () => undefined)

const root = process.argv[2] as string
const datasets = { events: { files: "events/**", key: ["id"] }, lines: { files: "lines.csv" } }
const source = { name: "shop", files: { path: join(root, "files"), datasets } }
const effects = silentEffects()
try {
  const lake = await openLake(localStorage(join(root, "lake")))
  const extracted = await extractSource({ source, lake, runId: "run", effects })
  const warehouse = await openDuckDb({ path: join(root, "warehouse.duckdb"), threads: 2 })
  const loaded = await loadLandings({ lake, warehouse, sources: [source], effects })
  await warehouse.close()
  console.log(JSON.stringify({ extracted, loaded }))
} catch (error) {
  if (!(error instanceof CartwrightError)) throw error
  console.log(JSON.stringify({ code: error.code, message: error.message, state: error.state }))
  process.exitCode = 9
}
