import { cpSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { ANALYTICS } from "./bench.ts"
import { type Package, readPackage } from "./check.ts"

/** A copy of the dbt package in which one file says something else. @throws when it does not say it in the first place */
export function sabotaged(folder: string, file: string, from: RegExp, to: string): Package {
  const copy = join(folder, "analytics")
  cpSync(ANALYTICS, copy, { recursive: true })
  const sound = readFileSync(join(copy, file), "utf8")
  const broken = sound.replaceAll(from, to)
  if (broken === sound) throw new Error(`${file} has nothing like ${from}: state another violation`)
  writeFileSync(join(copy, file), broken)
  return readPackage(copy)
}
