import { join, relative, resolve } from "node:path"
import type { Command, CommandContext } from "../command.ts"
import { isBucketUri } from "../../storage/bucket-uri.ts"
import { usageError } from "../parse.ts"
import { table, wrapped } from "../terminal/text.ts"

const PRESETS = ["default", "raw_staging_marts", "ecommerce"]

export const init: Command = {
  name: "init",
  summary: "Makes a shop from a folder of files.",
  examples: [
    [
      "cartwright init path/to/files --dir my-shop",
      "Looks at the files and writes my-shop/cartwright.yaml and a dbt project.",
    ],
    [
      "cartwright init exports --dir my-shop --preset ecommerce",
      "The same, with other names for the warehouse's datasets.",
    ],
    ["cartwright init --upgrade --dir my-shop", "Renews the shop's copy of the dbt package."],
  ],
  description: [
    "theLook and Online Retail are recognised by the columns of their files, whatever the files are called. Any other CSV, NDJSON, JSON or Parquet file is landed and loaded too, and gets a staging model to start from.",
    "A table that repeats another, or lists places that nothing refers to but things, is left out with the reason in cartwright.yaml: `cartwright profile` tells more, docs/profiling.md states the rules. At most the first 20,000 records of each data set are looked at for it.",
    "The files stay where they are; cartwright.yaml names their folder. Nothing that exists is overwritten.",
  ],
  words: [{ name: "folder", help: "The folder of files. Not needed with --upgrade.", required: false }],
  options: {
    dir: {
      value: "DIR",
      help: "The shop's folder, made where it is not there. Without it: ./shop; with --upgrade the shop here.",
    },
    name: { value: "NAME", help: "The shop's name. Without it: that of its folder." },
    preset: {
      value: "PRESET",
      choices: PRESETS,
      help: "The names of the warehouse's datasets. Without it: default.",
    },
    upgrade: {
      help: "Renews the dbt package, the schema file and the marked lines of dbt_project.yml of an existing shop.",
    },
  },
  async run(input, context) {
    if (input.has("upgrade")) return upgrade(input.text("dir"), context)
    const [files] = input.words
    if (files === undefined) throw usageError(init, "cartwright init needs the folder of files")
    const { initShop } = await import("../../project/init/init.ts")
    const { output, effects, workingDirectory } = context
    const options = {
      files: isBucketUri(files) ? files : resolve(workingDirectory, files),
      folder: resolve(workingDirectory, input.text("dir") ?? "shop"),
      name: input.text("name"),
      preset: input.text("preset") as "default" | undefined,
    }
    const outcome = await initShop(options, effects)
    output.end()
    const { shop, datasets, unusable, scaffolds } = outcome
    const here = relative(workingDirectory, shop.folder) || "."
    output.print(`${output.style("bold", `Made the shop ${shop.config.shop.name}`)} in ${here}`)
    output.print()
    const rows = datasets.map(({ source, dataset, files: glob, known, leftOut }) => [
      `${source}.${dataset}`,
      glob,
      leftOut !== undefined
        ? "left out"
        : known === undefined
          ? "loaded to bronze; map its staging model"
          : known.modelled === false
            ? "loaded to bronze; no model reads it"
            : "has models",
    ])
    for (const line of table(["data set", "files", "what becomes of it"], rows)) output.print(line)
    const leftOut = datasets.filter((dataset) => dataset.leftOut !== undefined)
    if (leftOut.length > 0) output.print()
    for (const { dataset, leftOut: why = [] } of leftOut) {
      const [first = "", ...rest] = wrapped(`${dataset} is left out: ${why.join(" ")}`, 96)
      for (const line of [first, ...rest.map((each) => `  ${each}`)]) output.print(line)
    }
    for (const file of unusable)
      output.warn(`cannot be used now: ${file.name}: ${file.problem ?? "no columns"}`)
    if (scaffolds.length > 0) {
      output.print()
      output.print(
        "No built-in model knows these columns. Their staging models are a start; give the columns names and types:",
      )
      for (const path of scaffolds) output.print(`  ${join(here, path)}`)
      output.print(
        `then map them to customers, products, orders … as ${join(here, "dbt/models/README.md")} says.`,
      )
    }
    output.print()
    output.print(`Next: cartwright run${here === "." ? "" : ` --dir ${here}`}`)
    output.result({
      ok: true,
      exitCode: 0,
      command: "init",
      shop: shop.folder,
      datasets: datasets.map(({ source, dataset, files: glob, known, leftOut }) => ({
        source,
        dataset,
        files: glob,
        recognised: known !== undefined,
        included: leftOut === undefined,
        ...(leftOut === undefined ? {} : { leftOut }),
      })),
      unusable: unusable.map(({ name, problem }) => ({ file: name, problem })),
      scaffolds,
    })
    return 0
  },
}

async function upgrade(
  dir: string | undefined,
  { output, workingDirectory }: CommandContext,
): Promise<number> {
  const { openShop } = await import("../../project/shop.ts")
  const { upgradeShop } = await import("../../project/init/upgrade.ts")
  const shop = openShop(dir, workingDirectory)
  const changed = upgradeShop(shop)
  output.print(changed.length === 0 ? "The shop is up to date." : `Renewed: ${changed.join(", ")}`)
  output.result({ ok: true, exitCode: 0, command: "init", shop: shop.folder, renewed: changed })
  return 0
}
