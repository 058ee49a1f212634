import type { CliOption, Command } from "./command.ts"
import { EXIT_CODES } from "./exit-codes.ts"
import { optionSyntax, usageLine } from "./help.ts"
import { GLOBAL_OPTIONS } from "./options.ts"

/** docs/cli.md, from the declarations of the commands. */
export function cliReference(commands: readonly Command[]): string {
  return [
    INTRODUCTION,
    ...commands.map(({ name, summary }) => `- [\`${name}\`](#cartwright-${name}): ${summary}`),
    "",
    "## Options of every command",
    "",
    ...optionTable(GLOBAL_OPTIONS),
    "",
    "## Exit codes",
    "",
    "| code | meaning |",
    "|--|--|",
    ...EXIT_CODES.map(([code, meaning]) => `| ${code} | ${meaning} |`),
    "",
    "`cartwright dbt` has dbt's codes: 0 all well, 1 a model or test failed, 2 the command line or the project is wrong; besides 8, 9 and 130 as above.",
    "",
    MACHINES,
    ...commands.flatMap(commandSection),
  ].join("\n")
}

function commandSection(command: Command): string[] {
  const { name, summary, description, examples, words, options } = command
  return [
    `## \`cartwright ${name}\``,
    "",
    summary,
    "",
    "```sh",
    ...examples.flatMap(([example, what]) => [`# ${what}`, example]),
    "```",
    "",
    ...description.flatMap((paragraph) => [paragraph, ""]),
    `Usage: \`${usageLine(command)}\``,
    "",
    ...words.map((word) => `- \`${word.name}\`: ${word.help}${choicesOf(word.choices)}`),
    ...(words.length > 0 ? [""] : []),
    ...(Object.keys(options).length > 0 ? [...optionTable(options), ""] : []),
  ]
}

function optionTable(options: Readonly<Record<string, CliOption>>): string[] {
  return [
    "| option | what it does |",
    "|--|--|",
    ...Object.entries(options).map(
      ([name, option]) =>
        `| \`${optionSyntax(name, option)}\` | ${option.help}${choicesOf(option.choices)} |`,
    ),
  ]
}

function choicesOf(choices: readonly string[] | undefined): string {
  return choices === undefined ? "" : ` One of ${choices.map((choice) => `\`${choice}\``).join(", ")}.`
}

const INTRODUCTION = `# Commands

Generated from the declarations in \`src/cli/commands/\`; a test keeps it true. \`cartwright <command> --help\` shows the same.

What was asked for goes to standard output. Progress, notes and errors go to standard error: on a terminal one line that is
drawn again and again with what runs, rows per second and time; elsewhere plain lines. \`NO_COLOR\` switches colours off,
\`FORCE_COLOR\` on. Ctrl-C stops at the next safe place with exit code 130; a second one ends at once. Either way the next run
goes on from what was complete.
`

const MACHINES = `## For machines: \`--json\`

Standard output then holds one JSON document per line and nothing else.

- \`{"type": "progress", "step", "name", "status", "rows"?, "bytes"?, "elapsedMs"?, "message"?}\` while work goes on. \`status\` is one of
  start, progress, done, skipped, warned, failed.
- \`{"type": "result", "ok", "exitCode", …}\` as the last line, always. A failure has \`error\` with \`code\`, \`message\`, \`place\`, \`choices\`,
  \`next\` and \`state\`; \`run\` and its steps have \`runId\`, \`status\` (done, unchanged, failed), \`steps\` and \`errors\`.

Whole numbers beyond 2^53 are text.
`
