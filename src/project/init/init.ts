import { existsSync, mkdirSync, realpathSync } from "node:fs"
import { basename, dirname, join, relative, resolve } from "node:path"
import { surveyFolder, type SurveyedFile } from "../../connectors/files/survey.ts"
import { isUnfinished } from "../../connectors/files/unfinished.ts"
import { type Effects, silentEffects } from "../../core/effects.ts"
import { CartwrightError } from "../../core/errors.ts"
import { isBucketUri } from "../../storage/bucket-uri.ts"
import { environmentError } from "../../storage/local/system-errors.ts"
import { createFile, removeUnfinished } from "../../storage/local/whole-file.ts"
import { parseConfig } from "../config/read.ts"
import { configJsonSchema } from "../config/json-schema.ts"
import type { PresetName } from "../config/presets.ts"
import { duckDbOf } from "../open-warehouse.ts"
import { analyticsFolder, programVersion } from "../installation.ts"
import { OTHER_SOURCE, recognise, type FoundDataset } from "../recognise/recognise.ts"
import { CONFIG_FILE } from "../find-shop.ts"
import { type Shop, shopOf } from "../shop.ts"
import { configText } from "./config-text.ts"
import { dbtProjectFiles, ownMacros } from "./dbt-project.ts"
import { varsOf } from "./dbt-vars.ts"
import { incrementalDatasets } from "./deliveries-hold.ts"
import { judgeDatasets } from "./judge.ts"
import { scaffoldFiles, stagingPath } from "./scaffold.ts"
import { vendorPackage } from "./vendor.ts"

export interface InitOptions {
  /** The folder of files. */
  files: string
  /** The folder of the shop; made where it is not there. */
  folder: string
  /** @defaultValue from the shop's folder */
  name?: string | undefined
  /** @defaultValue default */
  preset?: PresetName | undefined
}

export interface InitOutcome {
  shop: Shop
  datasets: FoundDataset[]
  /** Files that cannot be used, each with its problem. */
  unusable: SurveyedFile[]
  /** Staging models to be completed, relative to the shop's folder. */
  scaffolds: string[]
}

/**
 * Makes a shop from a folder of files. Writes new files only.
 * @throws CartwrightError `usage` where there is a shop already, `input` where the folder holds nothing to make one of
 */
export async function initShop(
  options: InitOptions,
  effects: Effects = silentEffects(),
): Promise<InitOutcome> {
  const source = existingFolder(options.files)
  const folder = resolve(options.folder)
  requireFreeFolder(folder, source)
  if (isUnfinished(source)) throw unfinished(source)
  const below = `${relative(source, folder)}/`
  const surveyed = (await surveyFolder(source)).filter((file) => !file.name.startsWith(below))
  const { datasets, unusable } = recognise(source, surveyed)
  if (datasets.length === 0) throw nothingFound(source, surveyed)
  const verdicts = await judgeDatasets(source, datasets, effects)
  for (const dataset of datasets) {
    const verdict = verdicts.get(dataset)
    if (verdict?.include === false) dataset.leftOut = verdict.why
  }
  const others = datasets.filter((each) => each.source === OTHER_SOURCE && each.leftOut === undefined)
  try {
    const config = configText({
      shopName: options.name ?? titleOf(basename(folder)),
      preset: options.preset ?? "default",
      sourcePath: sourcePath(folder, source),
      datasets,
      incremental: await incrementalDatasets(source, datasets, effects),
    })
    const shop = shopOf(folder, parseConfig(config, join(folder, CONFIG_FILE)))
    const project = shop.paths.dbtProject
    vendorPackage(project, analyticsFolder(), programVersion())
    writeNew(project, ownMacros())
    writeNew(
      project,
      dbtProjectFiles(varsOf(shop), relative(project, duckDbOf(shop, "`cartwright init`").path)),
    )
    writeNew(project, scaffoldFiles(others))
    // The configuration makes it a shop, so it comes last: what is stopped before can be made again.
    writeNew(folder, {
      "cartwright.schema.json": `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
      ".gitignore": GITIGNORE,
      [CONFIG_FILE]: config,
    })
    return {
      shop,
      datasets,
      unusable,
      scaffolds: others.map((each) => join(relative(folder, project), stagingPath(each))),
    }
  } catch (error) {
    if (error instanceof CartwrightError || !(error instanceof Error) || !("code" in error)) throw error
    throw environmentError("writing", folder, error)
  }
}

function existingFolder(path: string): string {
  if (isBucketUri(path)) {
    throw new CartwrightError(
      "unsupported",
      "a shop is made from a folder of this machine, not from a bucket",
      {
        place: path,
        next: "Copy the files of one delivery (`gcloud storage cp`), make the shop from them, then write the bucket as the source's path in cartwright.yaml.",
        state: "Nothing was written.",
      },
    )
  }
  try {
    return realpathSync(resolve(path))
  } catch (cause) {
    throw new CartwrightError("input", "the folder of files does not exist", {
      place: resolve(path),
      next: "Name the folder that holds the shop's files: cartwright init <folder> --dir <shop>.",
      state: "Nothing was written.",
      cause,
    })
  }
}

function requireFreeFolder(folder: string, source: string): void {
  if (existsSync(join(folder, CONFIG_FILE))) {
    throw new CartwrightError("usage", "there is a shop already", {
      place: join(folder, CONFIG_FILE),
      next: `Run it with \`cartwright run --dir ${folder}\`; edit its cartwright.yaml to add sources; renew its dbt package with \`cartwright init --upgrade --dir ${folder}\`; or name another folder with --dir.`,
      state: "Nothing was written.",
    })
  }
  if (existsSync(folder) && realpathSync(folder) === source) {
    throw new CartwrightError("usage", "the shop cannot be in the folder of its files", {
      place: folder,
      next: "Name another folder with --dir: a shop keeps a copy of every delivery, which would be taken for a new one.",
      state: "Nothing was written.",
    })
  }
}

function unfinished(source: string): CartwrightError {
  return new CartwrightError("input", "the files are being generated, or their generation was broken off", {
    place: source,
    next: "Wait until `cartwright generate` has ended, or run it again with the same options.",
    state: "Nothing was written.",
  })
}

function nothingFound(source: string, surveyed: readonly SurveyedFile[]): CartwrightError {
  const problems = surveyed.flatMap((file) =>
    file.problem === undefined ? [] : [`${file.name}: ${file.problem}`],
  )
  const offence =
    surveyed.length === 0 ? "the folder holds no files" : "the folder holds no file that can be used"
  return new CartwrightError("input", [offence, ...problems].join("\n  "), {
    place: source,
    next: "Name a folder of CSV, NDJSON, JSON or Parquet files (plain, gzip or zstd).",
    state: "Nothing was written.",
  })
}

/** Relative, so that shop and files can be moved together; absolute where they share no folder. */
function sourcePath(folder: string, source: string): string {
  mkdirSync(folder, { recursive: true })
  const path = relative(realpathSync(folder), source)
  const up = path.split("/").filter((part) => part === "..").length
  return dirnames(realpathSync(folder)) === up ? source : path
}

function dirnames(path: string): number {
  return path === dirname(path) ? 0 : 1 + dirnames(dirname(path))
}

function titleOf(name: string): string {
  return name === "" ? "shop" : name
}

function writeNew(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    removeUnfinished(dirname(file))
    createFile(file, text)
  }
}

const GITIGNORE = `# Data and what is made from it; the lake is what a backup is for.
lake/
warehouse.duckdb*
published/
runs/
dbt/target/
dbt/logs/
dbt/dbt_packages/
# The key of a service account of Google Cloud.
gcp_credentials.json
# Who may sign in to the dashboard.
access.json
`
