import { usageError } from "../parse.ts"
import type { CliOption, Command, CommandInput } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"
import { COMPARISONS, GRAINS, parsePeriod, type Period } from "../../metrics/period.ts"

/** What `query` and `explain` ask of which part of the shop. */
export const QUERY_OPTIONS: Readonly<Record<string, CliOption>> = {
  dir: SHOP_OPTION,
  by: { value: "DIMENSION", multiple: true, help: "Splits by it, e.g. channel. Up to three times." },
  where: {
    value: "CONDITION",
    multiple: true,
    help: "Keeps to a part: channel=Search,Email; channel!=Email for all others; a value (none) for where there is none; \\, for a comma within a value.",
  },
  period: {
    value: "PERIOD",
    help: "When: 2026, 2026-Q1, 2026-01, 2026-01-15, two of these with .. between, last_30_days, last_12_months, this_year, … or all. Presets end with the last day that has data. Without it: all.",
  },
  grain: { value: "GRAIN", choices: GRAINS, help: "Splits by time as well." },
  compare: { value: "WITH", choices: COMPARISONS, help: "Shows the change against an earlier period." },
  order: {
    value: "NAME",
    help: "Orders by a metric or dimension, the largest first; NAME:asc the smallest first.",
  },
  limit: { value: "N", help: "How many rows. Without it: 1000." },
}

/** The query that was written, not yet checked. */
export function queryOf(
  command: Command,
  input: CommandInput,
  metrics: readonly string[],
  coverage: Period | undefined,
): Record<string, unknown> {
  const period = parsePeriod(input.text("period") ?? "all", coverage)
  const order = input.text("order")
  return {
    metrics,
    by: input.texts("by") ?? [],
    where: (input.texts("where") ?? []).map((text) => conditionOf(command, text)),
    ...(period === undefined ? {} : { period }),
    ...(input.text("grain") === undefined ? {} : { grain: input.text("grain") }),
    ...(input.text("compare") === undefined ? {} : { compare: input.text("compare") }),
    ...(order === undefined
      ? {}
      : { order: { by: order.replace(/:asc$/, ""), descending: !order.endsWith(":asc") } }),
    ...(input.number("limit") === undefined ? {} : { limit: input.number("limit") }),
  }
}

function conditionOf(
  command: Command,
  text: string,
): { dimension: string; is: (string | null)[]; not: boolean } {
  const [, dimension, not, values] = /^(\w+)(!?)=(.*)$/s.exec(text) ?? []
  if (dimension === undefined || values === undefined)
    throw usageError(command, `cannot read the condition ${text}: write dimension=value,value`)
  const is = values
    .split(/(?<!\\),/)
    .map((value) => (value === "(none)" ? null : value.replaceAll("\\,", ",")))
  return { dimension, is, not: not === "!" }
}
