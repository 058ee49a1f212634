import type { CliOption } from "./command.ts"

/** Options of every command. */
export const GLOBAL_OPTIONS: Readonly<Record<string, CliOption>> = {
  help: { short: "h", help: "Shows the help of the program or of a command." },
  version: { help: "Shows the version of the program." },
  json: {
    help: "Writes JSON for machines to standard output: one line per event, then one with the result.",
  },
  quiet: { short: "q", help: "Shows no progress; errors and what was asked for still appear." },
}

export const SHOP_OPTION: CliOption = {
  value: "DIR",
  help: "The shop's folder. Without it: the nearest folder upwards that has a cartwright.yaml.",
}

export const SOURCE_OPTION: CliOption = {
  value: "NAME",
  multiple: true,
  help: "Only this source, or this data set as source.dataset. May be given more than once.",
}

export const INTERVAL_OPTION: CliOption = {
  value: "START/END",
  help: "The data interval of a scheduler's run: deliveries whose path dates them at its end or later (date=20260702) wait for theirs. Times are in UTC unless they have an offset.",
}

export const SKIP_CODE_OPTION: CliOption = {
  value: "CODE",
  help: "The exit code in place of 0 when nothing changed, for schedulers that mark a task as skipped, as Airflow does at 99.",
}
