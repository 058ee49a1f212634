import { relative, resolve } from "node:path"
import type { Command } from "../command.ts"
import { bytes, count, duration, table } from "../terminal/text.ts"

export const generate: Command = {
  name: "generate",
  summary: "Writes the files of an invented shop, with the truth about them.",
  examples: [
    [
      "cartwright generate --dir files --scale 0.01",
      "Writes theLook's seven tables as CSV: about 23,000 events, the same for the same seed.",
    ],
    [
      "cartwright generate --dir files --scale 0.1 --days 7 --dirt",
      "Delivers the last seven days one by one, with planted defects and a record of each.",
    ],
  ],
  description: [
    "The shop behaves: sessions walk from home to purchase with losses, traffic sources convert differently, prices and brands matter, seasons come and go, customers return, move and change.",
    ".truth/truth.json in the folder tells every planted effect, .truth/dirt.ndjson every planted defect. What an earlier generation wrote there is removed first.",
  ],
  words: [],
  options: {
    dir: { value: "DIR", help: "Where the files go. Without it: ./files." },
    scale: {
      value: "N",
      help: "Size: 1 makes about 2.3 million events and 125,000 orders. Without it: 0.1.",
    },
    seed: { value: "N", help: "The same seed and options give the same bytes. Without it: 1." },
    from: { value: "DATE", help: "First day covered. Without it: 2022-01-01." },
    to: { value: "DATE", help: "Last day covered. Without it: 2025-12-31." },
    days: {
      value: "N",
      help: "The last N days come as deliveries of their own, in folders date=YYYYMMDD. Without it: one delivery.",
    },
    dirt: { help: "Plants defects: bad dates, negative prices, orphans, duplicates, broken lines." },
    format: {
      value: "FORMAT",
      choices: ["csv", "csv.gz", "parquet", "ndjson"],
      help: "How the files are written. Without it: csv.",
    },
    style: {
      value: "STYLE",
      choices: ["bigquery", "kaggle"],
      help: "Times and columns as BigQuery extracts or as the Kaggle files have them. Without it: bigquery.",
    },
    threads: {
      value: "N",
      help: "Threads to use; they do not change the result. Without it: as many as the machine has cores.",
    },
  },
  async run(input, context) {
    const { generateShop } = await import("../../generator/generate.ts")
    const { output, effects, workingDirectory } = context
    const dir = resolve(workingDirectory, input.text("dir") ?? "files")
    const options = {
      from: input.text("from"),
      to: input.text("to"),
      days: input.number("days"),
      format: input.text("format") as "csv" | undefined,
      style: input.text("style") as "bigquery" | undefined,
      threads: input.number("threads"),
    }
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
    const outcome = await generateShop({
      dir,
      scale: input.number("scale") ?? 0.1,
      seed: input.number("seed") ?? 1,
      dirt: input.has("dirt"),
      ...given,
      effects,
    })
    output.end()
    const rows = outcome.tables.map((each) => [
      each.name,
      count(each.rows),
      bytes(each.bytes),
      count(each.files.length),
    ])
    for (const line of table(["table", "rows", "size", "files"], rows, [1, 2, 3])) output.print(line)
    const here = relative(workingDirectory, dir) || "."
    output.print()
    output.print(
      `Written to ${here} in ${duration(outcome.elapsedMs)}; the planted effects are in ${relative(workingDirectory, outcome.truthPath)}.`,
    )
    output.print(`Next: cartwright init ${here} --dir my-shop`)
    output.result({ ok: true, exitCode: 0, command: "generate", folder: dir, ...outcome })
    return 0
  },
}
