import { join, relative, resolve } from "node:path"
import type { Command } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"

export const docs: Command = {
  name: "docs",
  summary: "Writes the shop's data model: what there is, how it belongs together, how it is stored.",
  examples: [
    [
      "cartwright docs",
      "Writes data-model.html into the shop's folder; it opens in any browser, without a network.",
    ],
    ["cartwright docs --out docs/model.md", "Writes Markdown with Mermaid diagrams, as code hosts show it."],
  ],
  description: [
    "In this order: the things of the shop and how they belong together; the bus matrix of facts and dimensions with grain and questions; every table with columns, keys and relations, a diagram for each fact; types, partitions and clusters on DuckDB, in Parquet and on BigQuery; what the pipeline keeps for itself.",
    "Names, meanings, keys and relations come from the YAML and the tests of the shop's dbt project, own models and sources included; types come from its warehouse and its published files. Models may say more in config.meta: entity, grain, questions, role, and relations (a verb for each column that refers to another table).",
  ],
  words: [],
  options: {
    out: {
      value: "FILE",
      help: "Where to write it, .html or .md; what is there is replaced. Without it: data-model.html in the shop's folder.",
    },
    dir: SHOP_OPTION,
  },
  async run(input, { output, effects, environment, workingDirectory }) {
    const { openShop } = await import("../../project/shop.ts")
    const { readDataModel } = await import("../../project/data-model/read-model.ts")
    const { formOf, writeDataModel } = await import("../../project/data-model/write.ts")
    const shop = openShop(input.text("dir"), workingDirectory)
    const named = input.text("out")
    const file = named === undefined ? join(shop.folder, "data-model.html") : resolve(workingDirectory, named)
    // A wrong name is told before the warehouse is read.
    formOf(file)
    const model = await readDataModel(shop, { effects, environment })
    writeDataModel(model, `Data model of ${shop.config.shop.name}`, file)
    output.end()
    output.print(
      `Wrote the data model: ${relative(workingDirectory, file) || file} (${model.tables.length} tables)`,
    )
    output.result({ ok: true, exitCode: 0, command: "docs", file, tables: model.tables.length })
    return 0
  },
}
