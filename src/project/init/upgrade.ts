import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { replaceFile } from "../../storage/local/whole-file.ts"
import { configJsonSchema } from "../config/json-schema.ts"
import { analyticsFolder, programVersion } from "../installation.ts"
import type { Shop } from "../shop.ts"
import { ownMacros } from "./dbt-project.ts"
import { varsOf, withVarsBlock } from "./dbt-vars.ts"
import { packageState, vendorPackage } from "./vendor.ts"

/**
 * Brings what Cartwright owns in a shop to this version: the dbt package, the schema file, missing macros, the
 * marked lines of `dbt_project.yml`. Everything else is the user's and stays.
 * @returns what was renewed
 */
export function upgradeShop(shop: Shop): string[] {
  const renewed: string[] = []
  const project = shop.paths.dbtProject
  if (packageState(project, analyticsFolder(), programVersion()) !== "current") {
    vendorPackage(project, analyticsFolder(), programVersion())
    renewed.push("the dbt package")
  }
  const replace = (file: string, text: string | undefined, what: string): void => {
    if (text === undefined || (existsSync(file) && readFileSync(file, "utf8") === text)) return
    replaceFile(file, text, true)
    renewed.push(what)
  }
  replace(
    join(shop.folder, "cartwright.schema.json"),
    `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
    "cartwright.schema.json",
  )
  for (const [path, text] of Object.entries(ownMacros())) {
    // One that is there is the user's.
    if (!existsSync(join(project, path))) replace(join(project, path), text, path)
  }
  const projectFile = join(project, "dbt_project.yml")
  if (existsSync(projectFile)) {
    replace(
      projectFile,
      withVarsBlock(readFileSync(projectFile, "utf8"), varsOf(shop)),
      "the marked lines of dbt_project.yml",
    )
  }
  return renewed
}
