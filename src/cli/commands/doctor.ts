import type { Finding } from "../../project/doctor/finding.ts"
import type { Command } from "../command.ts"
import { exitCodeOf } from "../exit-codes.ts"
import { SHOP_OPTION } from "../options.ts"
import type { Style } from "../terminal/style.ts"
import { table } from "../terminal/text.ts"

export const doctor: Command = {
  name: "doctor",
  summary: "Looks whether all that a run needs is there, and says what mends what is not.",
  examples: [
    ["cartwright doctor --dir my-shop", "Checks this machine, the shop and what it uses of Google Cloud."],
  ],
  description: [
    "Looks at Node.js, the configuration, folders, the dbt project and dbt; in Google Cloud at credentials, interfaces, permissions, datasets, buckets and whether their locations go together. Whatever is missing is told with the lines that mend it, to be pasted into a shell.",
    "Nothing is changed, and nothing costs anything: BigQuery is asked by a dry run. What the account may not see is told as unknown.",
    "The exit code is 0 where nothing is missing, else 9; warnings and what is unknown do not count.",
  ],
  words: [],
  options: { dir: SHOP_OPTION },
  async run(input, { output, environment, workingDirectory }) {
    const { openShop } = await import("../../project/shop.ts")
    const { examine } = await import("../../project/doctor/doctor.ts")
    const shop = openShop(input.text("dir"), workingDirectory)
    const findings = await examine(shop, environment)
    const missing = findings.filter(({ status }) => status === "missing").length
    const exitCode = missing === 0 ? 0 : exitCodeOf("environment")
    for (const line of findingLines(findings, output.style)) output.print(line)
    output.print()
    output.print(
      missing === 0
        ? "Nothing is missing."
        : `${missing} ${missing === 1 ? "thing is" : "things are"} missing.`,
    )
    output.result({ ok: missing === 0, exitCode, command: "doctor", shop: shop.folder, findings })
    return exitCode
  },
}

const STYLES = { ok: "green", warning: "yellow", missing: "red", unknown: "dim" } as const

/** A table, and below each finding what mends it. */
function findingLines(findings: readonly Finding[], style: (name: Style, text: string) => string): string[] {
  const [header = "", rule = "", ...rows] = table(
    ["", "what", "how it is"],
    findings.map(({ status, subject, detail }) => [status, subject, detail]),
  )
  return [
    header,
    rule,
    ...rows.flatMap((row, i) => {
      const { status, mend } = findings[i] as Finding
      const line = row.replace(status, style(STYLES[status], status))
      return [line, ...mend.map((command) => `    ${command}`)]
    }),
  ]
}
