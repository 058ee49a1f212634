import { resolve } from "node:path"
import type { Command } from "../command.ts"
import { SHOP_OPTION } from "../options.ts"

export const profile: Command = {
  name: "profile",
  summary: "Looks into raw files: what they hold, how they hang together, what is suspicious.",
  examples: [
    [
      "cartwright profile path/to/files",
      "Profiles every table in a folder; needs no shop and changes nothing.",
    ],
    [
      "cartwright profile path/to/files --html profile.html",
      "Also writes all of it as one page to read, print or send.",
    ],
    [
      "cartwright profile thelook.orders --dir my-shop",
      "Profiles one data set of a shop, as it is declared there.",
    ],
  ],
  description: [
    "Per column: type, missing and distinct values, range, patterns, frequent and suspicious values, personal data (shown masked). Per table: key, duplicates, days covered and missed. Across tables: which column refers to which, with what is missing there. And a verdict: whether the table belongs into a shop, and why. docs/profiling.md states the rules.",
    "Files are read as load reads them. Of several dated deliveries of all records the newest is read.",
    "--json writes the whole profile; its shape is in docs/profiling.md and stays.",
  ],
  words: [
    {
      name: "path-or-source",
      help: "A folder, a file, a glob in quotes, or a source of the shop (as source or source.dataset). Without it: all sources of the shop here.",
      required: false,
    },
  ],
  options: {
    dir: SHOP_OPTION,
    html: { value: "FILE", help: "Writes the profile as one self-contained HTML page." },
  },
  async run(input, context) {
    const { subjectOf } = await import("../../project/profiling/subject.ts")
    const { profileSubject } = await import("../../project/profiling/profile-subject.ts")
    const { profileLines } = await import("../profile-lines.ts")
    const { output, effects, workingDirectory } = context
    const subject = await subjectOf(input.words[0], input.text("dir"), workingDirectory)
    const report = await profileSubject(subject, effects)
    output.end()
    for (const line of profileLines(report, output.style)) output.print(line)
    const file = input.text("html")
    if (file !== undefined) {
      const { writePage } = await import("../../project/profiling/write-page.ts")
      await writePage(report, resolve(workingDirectory, file))
      output.print()
      output.print(`Written to ${file}: open it in a browser.`)
    }
    output.result({
      ok: true,
      exitCode: 0,
      command: "profile",
      ...(file === undefined ? {} : { html: file }),
      ...report,
    })
    return 0
  },
}
