import { resolve } from "node:path"
import type { Command, CommandContext, CommandInput } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"
import { usageError } from "../parse.ts"

export const deploy: Command = {
  name: "deploy",
  summary: "Makes what other programs need to work with the shop.",
  examples: [
    [
      "cartwright deploy airflow --dir my-shop --out ~/airflow/dags",
      "Writes the DAGs that run the shop's pipeline on Airflow.",
    ],
    [
      "cartwright deploy looker-studio --dir my-shop",
      "Prints an address that makes a Looker Studio report on the shop's views in BigQuery.",
    ],
  ],
  description: [
    "airflow: one Python file for Airflow 2.11 and 3, from the section airflow of cartwright.yaml; docs/airflow.md says how to go on. A file that was changed by hand is shown as a difference and kept, unless --force is given.",
    "looker-studio: open the address in a browser that is signed in to Google; the report is saved there. It has a data source per page, and without --template no charts yet: docs/looker-studio.md says how to build each.",
  ],
  words: [{ name: "what", help: "What to make.", required: true, choices: ["airflow", "looker-studio"] }],
  options: {
    dir: SHOP_OPTION,
    out: { value: "DIR", help: "The folder of Airflow's DAGs, for airflow, which needs it." },
    force: { help: "Replaces DAGs that were changed by hand or are another shop's." },
    template: {
      value: "ID",
      help: "A Looker Studio report to copy, whose data sources have the aliases that docs/looker-studio.md names. Without it: an empty report.",
    },
  },
  async run(input, context) {
    return input.words[0] === "airflow" ? airflow(input, context) : lookerStudio(input, context)
  },
}

async function airflow(input: CommandInput, { output, workingDirectory }: CommandContext): Promise<number> {
  const { openShop } = await import("../../project/shop.ts")
  const { deployAirflow } = await import("../../project/airflow/deploy-airflow.ts")
  const out = input.text("out")
  if (out === undefined)
    throw usageError(deploy, "cartwright deploy airflow needs --out: the folder of Airflow's DAGs")
  const shop = openShop(input.text("dir"), workingDirectory)
  const made = deployAirflow(shop, resolve(workingDirectory, out), input.has("force"))
  if ("error" in made) {
    for (const line of made.diff) output.print(line)
    throw made.error
  }
  const { file, status, dags, pool, variables } = made
  output.print(status === "written" ? `wrote ${file}` : `${file} is as it should be`)
  output.print(`  DAGs: ${dags.join(" → ")}`)
  output.print("\nOnce in Airflow, before the first run:")
  output.print(`  airflow pools set ${pool} 1 "one writer at a time"`)
  for (const variable of variables) output.print(`  airflow variables set ${variable} …`)
  for (const dag of dags) output.print(`  airflow dags unpause ${dag}`)
  output.print(`\nThen: airflow dags trigger ${dags[0]}`)
  output.result({ ok: true, exitCode: 0, command: "deploy", what: "airflow", ...made })
  return 0
}

async function lookerStudio(
  input: CommandInput,
  { output, workingDirectory }: CommandContext,
): Promise<number> {
  const { openShop } = await import("../../project/shop.ts")
  const { lookerStudioAddress } = await import("../../project/looker-studio.ts")
  const address = lookerStudioAddress(openShop(input.text("dir"), workingDirectory), input.text("template"))
  output.print(address)
  output.result({ ok: true, exitCode: 0, command: "deploy", what: "looker-studio", address })
  return 0
}
