import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { cartwright, PROGRAM } from "../../e2e/lib/cli.ts"
import { LINES, writeOnlineRetail } from "../../e2e/lib/online-retail.ts"

/** What Airflow is told of the shops here: daily, and retries after seconds. */
const AIRFLOW = `
airflow:
  name: shop
  schedule: "0 0 * * *"
  command: ${JSON.stringify(PROGRAM)}
  retry_minutes: 0.05
  retry_minutes_max: 0.1
`

/** Adds the delivery of a day of July 2026: the file as it had grown by then. @param lines how many it has of all */
export function deliver(files: string, day: number, lines = LINES.length): void {
  writeOnlineRetail(join(files, `date=202607${String(day).padStart(2, "0")}`), LINES.slice(0, lines))
}

/** Makes two shops of the same files: one for Airflow, and its twin, for `cartwright run`. */
export async function makeShops(home: string, files: string): Promise<{ shop: string; twin: string }> {
  const [shop, twin] = [join(home, "shop"), join(home, "twin")]
  for (const dir of [shop, twin]) {
    const made = await cartwright(["init", files, "--dir", dir])
    if (made.code !== 0) throw new Error(made.stderr)
    const config = join(dir, "cartwright.yaml")
    writeFileSync(config, readFileSync(config, "utf8").replace(/date=\d{8}/, "date=*"))
  }
  appendFileSync(join(shop, "cartwright.yaml"), AIRFLOW)
  return { shop, twin }
}
