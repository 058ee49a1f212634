import type { Command } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"

export const deploy: Command = {
  name: "deploy",
  summary: "Makes what other programs need to work with the shop.",
  examples: [
    [
      "cartwright deploy looker-studio --dir my-shop",
      "Prints an address that makes a Looker Studio report on the shop's views in BigQuery.",
    ],
  ],
  description: [
    "looker-studio: open the address in a browser that is signed in to Google; the report is saved there. It has a data source per page, and without --template no charts yet: docs/looker-studio.md says how to build each.",
  ],
  words: [{ name: "what", help: "What to make.", required: true, choices: ["looker-studio"] }],
  options: {
    dir: SHOP_OPTION,
    template: {
      value: "ID",
      help: "A Looker Studio report to copy, whose data sources have the aliases that docs/looker-studio.md names. Without it: an empty report.",
    },
  },
  async run(input, { output, workingDirectory }) {
    const { openShop } = await import("../../project/shop.ts")
    const { lookerStudioAddress } = await import("../../project/looker-studio.ts")
    const address = lookerStudioAddress(openShop(input.text("dir"), workingDirectory), input.text("template"))
    output.print(address)
    output.result({ ok: true, exitCode: 0, command: "deploy", what: "looker-studio", address })
    return 0
  },
}
