import type { Command } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"

export const dbt: Command = {
  name: "dbt",
  summary: "Runs dbt commands on the shop's project, or on any other, without Python.",
  examples: [
    [
      "cartwright dbt build --select +agg_daily_sales",
      "Builds one model of the shop with all that it needs, and tests it.",
    ],
    [
      "cartwright dbt run --project-dir DIR --profiles-dir DIR",
      "Runs a dbt project outside a shop, with its own profiles.yml (DuckDB).",
    ],
    ["cartwright dbt ls --select tag:nightly --engine dbt", "Lets real dbt do it, which must be installed."],
  ],
  description: [
    "Options mean what they mean in dbt. The embedded runner supports the part of dbt that docs/dbt.md lists and answers with an error to anything else; --engine dbt runs real dbt.",
    "Exit codes are dbt's: 0 all well, 1 a model or test failed, 2 the command line or the project is wrong.",
  ],
  words: [
    {
      name: "command",
      help: "What dbt is to do.",
      required: true,
      choices: ["build", "run", "test", "seed", "snapshot", "compile", "ls", "parse"],
    },
  ],
  options: {
    select: {
      value: "NODES",
      short: "s",
      multiple: true,
      greedy: true,
      help: "Which nodes, in dbt's selection grammar.",
    },
    exclude: { value: "NODES", multiple: true, greedy: true, help: "Which nodes not." },
    selector: { value: "NAME", help: "A selector of selectors.yml." },
    "resource-type": {
      value: "TYPE",
      multiple: true,
      greedy: true,
      help: "Only nodes of this type, for build and ls.",
    },
    "exclude-resource-type": { value: "TYPE", multiple: true, greedy: true, help: "No nodes of this type." },
    "indirect-selection": {
      value: "MODE",
      choices: ["eager", "cautious", "buildable", "empty"],
      help: "Which tests come along with the selected nodes. Without it: eager.",
    },
    vars: { value: "YAML", help: "Variables for the project, e.g. '{top_n: 20}'." },
    "full-refresh": { short: "f", help: "Builds incremental models and seeds anew." },
    "fail-fast": { short: "x", help: "Stops at the first failure." },
    threads: { value: "N", help: "How many nodes at once. Without it: as the profile says." },
    target: { value: "NAME", short: "t", help: "The target of the profile." },
    profile: { value: "NAME", help: "The profile. Without it: as dbt_project.yml says." },
    output: {
      value: "FORM",
      choices: ["selector", "name", "path", "json"],
      help: "How ls writes a node. Without it: selector.",
    },
    "project-dir": {
      value: "DIR",
      help: "The folder of dbt_project.yml. Without it: the shop's dbt project, else this folder.",
    },
    "profiles-dir": {
      value: "DIR",
      help: "The folder of profiles.yml. Without it: the shop's own connection, else this folder, else ~/.dbt.",
    },
    "target-path": { value: "DIR", help: "Where artifacts go. Without it: target/ of the project." },
    engine: {
      value: "ENGINE",
      choices: ["embedded", "dbt"],
      help: "Who runs it. Without it: as cartwright.yaml says, else embedded.",
    },
    "dbt-path": {
      value: "FILE",
      help: "The executable for --engine dbt. Without it: transform.dbt of the shop, else dbt.",
    },
    dir: SHOP_OPTION,
  },
  async run(input, context) {
    const { runDbtCommand } = await import("../dbt/run-dbt-command.ts")
    return runDbtCommand(input, context)
  },
}
