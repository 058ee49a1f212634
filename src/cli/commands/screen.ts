import type { Command } from "../command.ts"
import { exitCodeOf } from "../exit-codes.ts"
import { SHOP_OPTION } from "../options.ts"
import { renderError } from "../render-error.ts"
import { count, table } from "../terminal/text.ts"

export const screen: Command = {
  name: "screen",
  summary: "Says what the screens find in the warehouse, and whether it may be published.",
  examples: [
    ["cartwright screen --dir my-shop", "Shows every screen that fails, and how many it is asked of."],
  ],
  description: [
    "Screens are evaluated while the warehouse is built (`cartwright transform`), records in the same pass that types them. This command first checks their declarations, then shows what they found. It ends with exit code 6 where a screen whose action is stop fails: nothing is published then.",
  ],
  words: [],
  options: { dir: SHOP_OPTION },
  async run(input, context) {
    const { output, effects } = context
    const { openShop } = await import("../../project/shop.ts")
    const { checkProjectScreens } = await import("../../project/screens.ts")
    const { openScreens } = await import("../../pipeline/screen-results.ts")
    const shop = openShop(input.text("dir"), context.workingDirectory)
    checkProjectScreens(shop.paths.dbtProject)
    const { screens, audits, stopped } = await openScreens(shop, effects)
    output.end()
    const failing = screens.filter(({ open }) => open > 0)
    const quality = audits.map(({ source, dataset, batches, rows, lines, rejected, flagged }) => [
      `${source}.${dataset}`,
      count(batches),
      count(rows),
      count(lines),
      count(rejected),
      count(flagged),
    ])
    const audited = ["data set", "deliveries", "rows", "unreadable lines", "rejected", "flagged"]
    for (const line of table(audited, quality, [1, 2, 3, 4, 5])) output.print(line)
    if (failing.length > 0) output.print()
    const rows = failing.map(({ source, dataset, name, action, severity, open, description }) => [
      `${source}.${dataset}`,
      name,
      action,
      severity,
      count(open),
      description,
    ])
    const header = ["data set", "screen", "action", "severity", "open", "what it asks"]
    if (failing.length > 0) for (const line of table(header, rows, [4])) output.print(line)
    output.print(`\n${count(failing.length)} of ${count(screens.length)} screens fail.`)
    if (stopped !== undefined && !output.json) renderError(stopped, output)
    const exitCode = stopped === undefined ? 0 : exitCodeOf(stopped.code)
    output.result({ ok: stopped === undefined, exitCode, command: "screen", screens, audits })
    return exitCode
  },
}
