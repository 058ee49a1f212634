import { existsSync, mkdirSync, readdirSync } from "node:fs"
import { join, resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { CartwrightError } from "../../core/errors.ts"
import type { QuestionsOf } from "../../server/frozen-copy.ts"
import type { Command } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"
import { usageError } from "../parse.ts"

const FILE = "index.html"

export const exportCommand: Command = {
  name: "export",
  summary: "Writes the dashboard as it is now into a folder that opens without a server.",
  examples: [
    ["cartwright export --out report", "All pages with the last 12 months, in report/index.html."],
    [
      'cartwright export --out report --url "http://127.0.0.1:4321/?period=2026-01-01..2026-03-31"',
      "The same with the period, comparison and filters of an address of the dashboard.",
    ],
  ],
  description: [
    "The copy is frozen: its numbers are within the one file, pages, tables and pictures work, periods and filters stay as they are. It holds what a viewer may see, nothing personal (docs/dashboard.md).",
  ],
  words: [],
  options: {
    dir: SHOP_OPTION,
    out: { value: "DIR", help: "The folder to write: a new one, or one that an earlier export made." },
    url: { value: "URL", help: "The dashboard's address with the state to freeze." },
  },
  async run(input, { output, effects, workingDirectory }) {
    const out = input.text("out")
    if (out === undefined)
      throw usageError(exportCommand, "cartwright export needs --out: the folder to write")
    const url = input.text("url") ?? "http://dashboard/"
    if (!URL.canParse(url)) throw usageError(exportCommand, `--url is no address: ${url}`)
    const folder = resolve(workingDirectory, out)
    if (existsSync(folder) && readdirSync(folder).some((name) => name !== FILE))
      throw new CartwrightError("usage", "the folder holds other files", {
        place: folder,
        next: "Name a new folder.",
        state: "Nothing was written.",
      })
    const { openShop } = await import("../../project/shop.ts")
    const { installationFolder } = await import("../../project/installation.ts")
    const { bringPublished } = await import("../../pipeline/bring-published.ts")
    const { frozenCopy } = await import("../../server/frozen-copy.ts")
    const { replaceFile } = await import("../../storage/local/whole-file.ts")
    const { servedShop } = await import("../metrics/served-shop.ts")
    const shop = openShop(input.text("dir"), workingDirectory)
    await bringPublished(shop, effects)
    const dist = join(installationFolder(), "dist")
    const questions = join(dist, "questions.js")
    if (!existsSync(questions))
      throw new CartwrightError("environment", "the dashboard's page was not built", {
        place: questions,
        next: "Run `npm run build`.",
        state: "Nothing was written.",
      })
    const { questionsOf } = (await import(pathToFileURL(questions).href)) as {
      questionsOf: QuestionsOf
    }
    const { html, replies } = await frozenCopy({
      served: servedShop(shop),
      page: join(dist, "web"),
      search: new URL(url).search,
      questionsOf,
      now: effects.now(),
    })
    mkdirSync(folder, { recursive: true })
    const file = join(folder, FILE)
    replaceFile(file, html)
    output.print(`The dashboard is in ${file}: open it in a browser, or send it.`)
    output.result({ ok: true, exitCode: 0, command: "export", file, replies })
    return 0
  },
}
