import { existsSync, mkdirSync } from "node:fs"
import { homedir } from "node:os"
import { join, resolve } from "node:path"
import { CartwrightError } from "../../core/errors.ts"
import { findShop } from "../../project/find-shop.ts"
import type { Shop } from "../../project/shop.ts"
import type { CommandContext, CommandInput } from "../command.ts"

/** Which project is run, with which connection, by whom. */
export interface DbtPlace {
  shop: Shop | undefined
  projectDir: string
  profilesDir: string
  engine: "embedded" | "dbt"
  executable: string
  /** What the engine finds in its environment. */
  environment: CommandContext["environment"]
}

/** A project outside a shop is found without what opens a shop. */
export async function dbtPlace(
  input: CommandInput,
  { workingDirectory, environment }: CommandContext,
): Promise<DbtPlace> {
  const at = (path: string | undefined) => (path === undefined ? undefined : resolve(workingDirectory, path))
  const named = at(input.text("project-dir"))
  const shop =
    named === undefined && (input.text("dir") !== undefined || findShop(workingDirectory) !== undefined)
      ? (await import("../../project/shop.ts")).openShop(input.text("dir"), workingDirectory)
      : undefined
  const projectDir = named ?? shop?.paths.dbtProject ?? workingDirectory
  if (!existsSync(join(projectDir, "dbt_project.yml"))) {
    throw new CartwrightError("usage", "there is no dbt project here: no dbt_project.yml", {
      place: projectDir,
      next: "Name its folder with --project-dir, or a shop's with --dir.",
    })
  }
  return {
    shop,
    projectDir,
    profilesDir:
      at(input.text("profiles-dir")) ??
      (shop === undefined
        ? profilesFolder(projectDir, workingDirectory, environment)
        : await ownProfile(shop, environment)),
    engine:
      (input.text("engine") as DbtPlace["engine"] | undefined) ?? shop?.config.transform.engine ?? "embedded",
    executable: input.text("dbt-path") ?? shop?.paths.dbt ?? "dbt",
    environment:
      shop === undefined
        ? environment
        : (await import("../../project/profile.ts")).dbtEnvironment(shop, environment, "by hand"),
  }
}

/** Where dbt would look, and the project's folder. */
function profilesFolder(
  projectDir: string,
  workingDirectory: string,
  environment: CommandContext["environment"],
): string {
  const stated = environment["DBT_PROFILES_DIR"]
  if (stated !== undefined && stated !== "") return resolve(workingDirectory, stated)
  const places = [workingDirectory, projectDir, join(homedir(), ".dbt")]
  return places.find((place) => existsSync(join(place, "profiles.yml"))) ?? projectDir
}

async function ownProfile(shop: Shop, environment: CommandContext["environment"]): Promise<string> {
  const { writeRunProfile } = await import("../../project/profile.ts")
  const folder = join(shop.paths.runs, "dbt")
  mkdirSync(folder, { recursive: true })
  return writeRunProfile(shop, folder, environment)
}
