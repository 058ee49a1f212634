import type { Command } from "../command.ts"
import { QUERY_OPTIONS } from "../metrics/query-input.ts"
import { usageError } from "../parse.ts"

export const query: Command = {
  name: "query",
  summary: "Answers a question in metrics and dimensions from what is published.",
  examples: [
    ["cartwright query --list", "Lists the metrics, and by what they can be split."],
    [
      "cartwright query --metric net_sales --metric orders --grain month --period last_12_months",
      "Sales and orders, month by month.",
    ],
    [
      "cartwright query --metric conversion_rate --by channel --period 2026-Q1 --compare previous_year",
      "Conversion by traffic source, against the year before.",
    ],
  ],
  description: [
    "Metrics are declared in the shop's dbt project (docs/metrics.md). Distinct counts are exact under any condition: every total is counted anew. `cartwright explain` says what a number is made of.",
    "Reads the published version only: it works while a run runs.",
  ],
  words: [],
  options: {
    metric: { value: "NAME", multiple: true, help: "A metric. May be given up to 20 times." },
    ...QUERY_OPTIONS,
    csv: { help: "Writes CSV; rates as shares of 1." },
    list: { help: "Lists the metrics in place of asking for some." },
  },
  async run(input, context) {
    const { output, effects } = context
    const names = input.texts("metric") ?? []
    if (!input.has("list") && names.length === 0)
      throw usageError(query, "cartwright query needs --metric, or --list to see which there are")
    const { withPublished } = await import("../metrics/with-shop.ts")
    return withPublished(input, context, async ({ published }) => {
      if (input.has("list")) {
        const { listLines, listOf } = await import("../metrics/list.ts")
        for (const line of listLines(listOf(published))) output.print(line)
        output.result({
          ok: true,
          exitCode: 0,
          command: "query",
          version: published.version.version,
          ...listOf(published),
        })
        return 0
      }
      const { answer } = await import("../../metrics/answer.ts")
      const { parseQuery } = await import("../../metrics/query.ts")
      const { queryOf } = await import("../metrics/query-input.ts")
      const { csvLines, flatAnswer } = await import("../../metrics/flat-answer.ts")
      const { aboutLine, answerLines } = await import("../metrics/answer-lines.ts")
      const asked = parseQuery(queryOf(query, input, names, published.coverage))
      const answered = await answer(published, asked, effects.signal)
      const lines = input.has("csv") ? csvLines(flatAnswer(answered, asked)) : answerLines(answered, asked)
      for (const line of lines) output.print(line)
      output.note(aboutLine(answered))
      output.result({ ok: true, exitCode: 0, command: "query", ...answered })
      return 0
    })
  },
}
