import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { messageOf, CartwrightError } from "../../core/errors.ts"
import { lineDiff } from "../../core/line-diff.ts"
import { replaceFile } from "../../storage/local/whole-file.ts"
import { dagFile } from "./dag-file.ts"
import { dagFileName, dagIds } from "./dag-ids.ts"
import { type DagSettings, dagSettings } from "./dag-settings.ts"
import type { Shop } from "../shop.ts"

export interface DeployedDags {
  file: string
  status: "written" | "unchanged"
  dags: string[]
  pool: string
  /** The Airflow Variables that tasks read. */
  variables: string[]
}

/** A file that is in the way, with the lines in which it differs from what would be written. */
export interface DagsInTheWay {
  error: CartwrightError
  diff: string[]
}

/**
 * Writes the DAGs of a shop into a folder of Airflow's. A file that somebody changed by hand, or that is of another shop, stays.
 * @param force replaces such a file too
 * @throws CartwrightError `config` for a name that is no DAG id, `environment` where nothing can be written
 */
export function deployAirflow(shop: Shop, out: string, force: boolean): DeployedDags | DagsInTheWay {
  const settings = dagSettings(shop)
  const file = join(out, dagFileName(settings))
  const text = stamped(settings)
  const deployed = {
    file,
    dags: dagIds(settings),
    pool: settings.pool,
    variables: Object.values(settings.environment),
  }
  try {
    const there = existsSync(file) ? readFileSync(file, "utf8") : undefined
    if (there === text) return { ...deployed, status: "unchanged" }
    const error = there === undefined || force ? undefined : inTheWay(file, there, settings)
    if (there !== undefined && error !== undefined) return { error, diff: lineDiff(there, text) }
    mkdirSync(out, { recursive: true })
    replaceFile(file, text)
    return { ...deployed, status: "written" }
  } catch (cause) {
    if (cause instanceof CartwrightError) throw cause
    throw new CartwrightError("environment", `writing the DAGs: ${messageOf(cause)}`, {
      place: file,
      next: "Name a folder that can be written with --out.",
      state: "Nothing was written.",
      cause,
    })
  }
}

const STAMP =
  /^# Made for (".*") in (".*") by `cartwright deploy airflow`; sha256 of what follows: ([0-9a-f]{64})$/

function stamped(settings: DagSettings): string {
  const text = dagFile(settings)
  const [shop, folder] = [settings.shop, settings.folder].map((part) => JSON.stringify(part))
  return `# Made for ${shop} in ${folder} by \`cartwright deploy airflow\`; sha256 of what follows: ${hashOf(text)}\n${text}`
}

/** Why a file is not ours to replace; undefined where it is. */
function inTheWay(file: string, there: string, { shop, folder }: DagSettings): CartwrightError | undefined {
  const end = there.indexOf("\n")
  const [, madeFor = "", madeIn = "", hash] = STAMP.exec(there.slice(0, end)) ?? []
  const error = (offence: string, next: string) =>
    new CartwrightError("input", offence, {
      place: file,
      next: `${next} --force replaces the file.`,
      state: "Nothing was written.",
    })
  if (hash === undefined)
    return error(
      "a file that cartwright did not make has the place of the DAGs",
      "Move it, or name another folder with --out.",
    )
  if (JSON.parse(madeFor) !== shop || JSON.parse(madeIn) !== folder)
    return error(
      `the DAGs there are those of another shop, ${madeFor} in ${madeIn}`,
      "Give this shop names of its own by airflow.prefix (layout: one: airflow.name) in cartwright.yaml.",
    )
  if (hashOf(there.slice(end + 1)) !== hash)
    return error(
      "the DAGs were changed by hand since they were made",
      "Take the changes over into cartwright.yaml, where they have a key.",
    )
  return undefined
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}
