import type { Command } from "../command.ts"
import { QUERY_OPTIONS } from "../metrics/query-input.ts"

export const explain: Command = {
  name: "explain",
  summary: "Says what a metric's number is made of: definition, SQL, models, files, screens.",
  examples: [
    ["cartwright explain net_sales", "From the definition to the files that it comes from."],
    [
      "cartwright explain conversion_rate --by channel --period 2026-01 --compare previous_period",
      "The SQL of just this question, to run by hand.",
    ],
  ],
  description: [
    "The SQL is what `cartwright query` runs, with files and values in place: any DuckDB 1.5 gives the same numbers for it.",
    "The quality grade goes by the records of the deliveries behind the metric that no screen rejects or flags: A from 99.5 %, B from 98 %, C from 95 %, D below.",
  ],
  words: [{ name: "metric", help: "A metric; `cartwright query --list` names them.", required: true }],
  options: QUERY_OPTIONS,
  async run(input, context) {
    const { output, effects } = context
    const { withPublished } = await import("../metrics/with-shop.ts")
    const { explanation, explanationLines } = await import("../metrics/explanation.ts")
    return withPublished(input, context, async (opened) => {
      const { queryOf } = await import("../metrics/query-input.ts")
      const { parseQuery } = await import("../../metrics/query.ts")
      const asked = parseQuery(queryOf(explain, input, [input.words[0] ?? ""], opened.published.coverage))
      const explained = await explanation(opened, asked, effects.signal)
      output.end()
      for (const line of explanationLines(explained, output.style)) output.print(line)
      output.result({ ok: true, exitCode: 0, command: "explain", ...explained })
      return 0
    })
  },
}
