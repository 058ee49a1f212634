import { existsSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

/** Where this program is installed: the folder of its package.json. */
export function installationFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder)
  return folder
}

/** The dbt package that every shop gets a copy of. */
export function analyticsFolder(): string {
  return join(installationFolder(), "analytics")
}

export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(join(installationFolder(), "package.json"), "utf8")) as {
    version: string
  }
  return version
}
