import { execFile } from "node:child_process"
import { accessSync, constants, existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { messageOf } from "../../core/errors.ts"
import { isBucketUri } from "../../storage/bucket-uri.ts"
import { packageState } from "../init/vendor.ts"
import { analyticsFolder, installationFolder, programVersion } from "../installation.ts"
import type { Shop } from "../shop.ts"
import { sourcePathError } from "../source-paths.ts"
import { doubtful, type Finding, fine, lacking } from "./finding.ts"

/** What a run needs of this machine. */
export async function examineMachine(shop: Shop): Promise<Finding[]> {
  return [examineNode(), ...examineFolders(shop), examineProject(shop), ...(await examineDbt(shop))]
}

function examineNode(): Finding {
  const { engines } = JSON.parse(readFileSync(join(installationFolder(), "package.json"), "utf8")) as {
    engines: { node: string }
  }
  const [wanted = 0, least = 0] = numbers(engines.node)
  const [major = 0, minor = 0] = numbers(process.versions.node)
  if (major > wanted || (major === wanted && minor >= least)) return fine("node", process.versions.node)
  return lacking(
    "node",
    `is ${process.versions.node}, and ${engines.node} is needed`,
    "Install a newer Node.js.",
  )
}

function numbers(version: string): number[] {
  return version.split(/\D+/).filter(Boolean).map(Number)
}

/** The shop's own folders can be written, the sources' can be found. */
function examineFolders(shop: Shop): Finding[] {
  const { paths, warehouse } = shop
  const written = [shop.folder, paths.lake, paths.published].filter((path) => !isBucketUri(path))
  if (warehouse.type === "duckdb") written.push(dirname(warehouse.path))
  const closed = [...new Set(written.map(nearestThere))].filter((path) => !isWritable(path))
  const findings =
    closed.length === 0
      ? [fine("folders", `${shop.folder} and what is below can be written`)]
      : closed.map((path) => lacking("folders", `${path} cannot be written`, `chmod u+w ${path}`))
  for (const { name, files } of shop.sources) {
    const wrong = sourcePathError(shop, name)
    if (wrong !== undefined)
      findings.push(lacking(`source ${name}`, wrong.message, ...(wrong.next ? [wrong.next] : [])))
    else if (!isBucketUri(files.path)) findings.push(fine(`source ${name}`, files.path))
  }
  return findings
}

function nearestThere(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestThere(dirname(path))
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function examineProject({ folder, paths: { dbtProject } }: Shop): Finding {
  const subject = "dbt project"
  const renew = `cartwright init --upgrade --dir ${folder}`
  if (!existsSync(join(dbtProject, "dbt_project.yml")))
    return lacking(
      subject,
      `there is none in ${dbtProject}`,
      "Correct transform.project, or restore the folder.",
    )
  const state = packageState(dbtProject, analyticsFolder(), programVersion())
  if (state === "current") return fine(subject, dbtProject)
  return doubtful(
    subject,
    `its copy of the dbt package is ${state === "older" ? "not that of this version" : "missing"}`,
    renew,
  )
}

/** The versions of dbt that tests compare with, by the warehouse's engine. */
const PROVEN_DBT = { duckdb: "1.11.0", bigquery: "1.10.0" } as const

/** Real dbt, where the shop runs it, with the adapter of its warehouse. It takes seconds to say its version. */
async function examineDbt({ config, paths, warehouse }: Shop): Promise<Finding[]> {
  if (config.transform.engine !== "dbt") return []
  const version = PROVEN_DBT[warehouse.type]
  const install = `python3 -m venv .venv && .venv/bin/pip install "dbt-core~=${version}" "dbt-${warehouse.type}~=${version}"`
  const subject = `dbt (${paths.dbt})`
  let said: string
  try {
    const { stdout } = await promisify(execFile)(paths.dbt, ["--version", "--no-use-colors"], {
      timeout: 300_000,
    })
    said = stdout
  } catch (error) {
    const hint = "Then state transform.dbt: .venv/bin/dbt"
    return [lacking(subject, `cannot be run: ${messageOf(error).split("\n")[0]}`, install, hint)]
  }
  const found = /installed:\s*(\S+)/.exec(said)?.[1] ?? "of unknown version"
  const adapter = new RegExp(`\\b${warehouse.type}: *(\\d\\S*)`).exec(said)?.[1]
  if (adapter === undefined)
    return [lacking(subject, `dbt ${found} has no adapter for ${warehouse.type}`, install)]
  return [fine(subject, `${found} with dbt-${warehouse.type} ${adapter}`)]
}
