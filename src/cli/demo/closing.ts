import type { Style } from "../terminal/style.ts"
import { duration } from "../terminal/text.ts"

/** What to look at after the first answers. */
export function closingLines(
  folder: string,
  elapsedMs: number,
  style: (name: Style, text: string) => string,
): string[] {
  const rows = [
    [
      `cartwright serve --dir ${folder}`,
      "the dashboard in a browser: overview, funnel, behaviour, products, customers",
    ],
    [
      `${folder}/cartwright.yaml`,
      "where the data comes from; every key is explained in docs/configuration.md",
    ],
    [`${folder}/published/`, "the star schema as Parquet; the file `current` names the version to read"],
    [`${folder}/dbt/`, "the models: an ordinary dbt project (docs/data-model.md)"],
    [`${folder}/files/.truth/truth.json`, "what was planted in the data, to check the answers against"],
    [`cartwright status --dir ${folder}`, "how fresh it is, and how the last run went"],
    [`cartwright run --dir ${folder}`, "run it again: nothing changed, so it is done at once"],
    ["cartwright init <your files>", "the same for your own files"],
  ]
  const width = Math.max(...rows.map(([what = ""]) => what.length))
  return [
    "",
    style("bold", `From raw files to these answers in ${duration(elapsedMs)}. What to look at next`),
    ...rows.map(([what = "", why]) => `  ${what.padEnd(width)}  ${why}`),
  ]
}
