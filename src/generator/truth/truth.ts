import { writeFile } from "node:fs/promises"
import { relative } from "node:path"
import type { DirtRates } from "../dirt/kinds.ts"
import type { Shop } from "../shop/shop.ts"
import { counted, sumUp } from "./count.ts"
import { type Effect, EFFECTS, NOT_PLANTED } from "./effects.ts"

/**
 * Writes what was planted and what came of it. Realised values are counted from the generated rows before dirt, at the end
 * of the covered time.
 * @param deliveries what each daily delivery brought; empty for a single one
 */
export async function writeTruth(
  path: string,
  shop: Shop,
  tables: readonly { name: string; rows: number; files: readonly string[] }[],
  deliveries: readonly unknown[],
  rates: DirtRates | undefined,
  dir: string,
): Promise<void> {
  await sumUp(shop)
  const effects: Record<string, Effect> = {}
  for (const [name, read] of Object.entries(EFFECTS)) effects[name] = await read(shop)
  const truth = {
    settings: shop.settings,
    tables: tables.map(({ name, rows, files }) => ({
      name,
      rows,
      files: files.map((file) => relative(dir, file).replaceAll("\\", "/")),
    })),
    effects,
    notPlanted: NOT_PLANTED,
    deliveries,
    dirt: rates && {
      rates,
      planted: await counted(
        shop.session,
        `select kind, "table", count(*) as rows from dirt group by kind, "table" order by kind, "table"`,
      ),
    },
  }
  await writeFile(path, `${JSON.stringify(truth, null, 2)}\n`)
}
