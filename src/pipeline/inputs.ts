import { createHash } from "node:crypto"
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import type { Lake } from "../lake/lake.ts"
import { includedDatasets, type Shop } from "../project/shop.ts"

/** Identifies a set of landings, as what they are taken, and how the shop declares its data sets. */
export function loadedKey(shop: Shop, landings: readonly { landingId: string; kind: string }[]): string {
  const declared = shop.sources.map(({ name, files }) => [name, files.datasets])
  return digest(
    [JSON.stringify(declared), ...landings.map(({ landingId, kind }) => `${landingId} ${kind}`).sort()].join(
      "\n",
    ),
  )
}

/** Identifies the landings that bronze should have. */
export async function landingsKey(shop: Shop, lake: Lake): Promise<string> {
  const included = new Set(
    includedDatasets(shop.sources).map(({ source, dataset }) => `${source}.${dataset}`),
  )
  const landings = await lake.landings()
  return loadedKey(
    shop,
    landings.filter(({ source, dataset }) => included.has(`${source}.${dataset}`)),
  )
}

/**
 * Identifies all that a transformation depends on: the landings, the dbt project, the engine.
 * @param project as {@link projectKey}
 */
export function transformInputs(loaded: string, project: string, shop: Shop, programVersion: string): string {
  const { engine, dbt } = shop.config.transform
  return digest(JSON.stringify([loaded, project, engine, engine === "dbt" ? dbt : "", programVersion]))
}

const NO_INPUT = new Set(["target", "logs", "dbt_packages", "package-lock.yml", "profiles.yml", "README.md"])

/** Identifies the files of a dbt project that it is parsed from. */
export function projectKey(folder: string): string {
  const hash = createHash("sha256")
  const visit = (path: string): void => {
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      if (isHidden(entry.name) || (path === folder && NO_INPUT.has(entry.name))) continue
      const below = join(path, entry.name)
      // A package may be a link to a folder that several shops share.
      const linked = entry.isSymbolicLink() ? statSync(below, { throwIfNoEntry: false }) : entry
      if (linked === undefined) continue
      if (linked.isDirectory()) visit(below)
      else
        hash
          .update(`${below.slice(folder.length)}\n`)
          .update(readFileSync(below))
          .update("\n")
    }
  }
  visit(folder)
  return hash.digest("hex")
}

function isHidden(name: string): boolean {
  return name.startsWith(".") && name !== ".dbtignore"
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32)
}
