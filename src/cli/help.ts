import type { CliOption, Command } from "./command.ts"
import { GLOBAL_OPTIONS } from "./options.ts"
import { columns } from "./terminal/text.ts"

/** The help of the program. */
export function programHelp(commands: readonly Command[]): string {
  return `Example:
  cartwright init path/to/files --dir my-shop && cartwright run --dir my-shop

Cartwright turns a shop's raw files into a star schema that answers questions: raw lake, warehouse, dbt models, published Parquet.

Commands:
${columns(commands.map(({ name, summary }) => [name, summary]))}

Options of every command:
${optionLines(GLOBAL_OPTIONS)}

\`cartwright <command> --help\` tells more about a command. All of it: docs/cli.md.
`
}

/** The help of a command; its first lines can be run as they stand. */
export function commandHelp(command: Command): string {
  const options =
    Object.keys(command.options).length === 0 ? "" : `\nOptions:\n${optionLines(command.options)}\n`
  const words =
    command.words.length === 0 ? "" : `\n${columns(command.words.map(({ name, help }) => [name, help]))}\n`
  return `Example:
${command.examples.map(([example, what]) => `  ${example}\n      ${what}`).join("\n")}

${command.description.join("\n\n")}

Usage: ${usageLine(command)}
${words}${options}
Options of every command:
${optionLines(GLOBAL_OPTIONS)}
`
}

export function usageLine(command: Command): string {
  const words = command.words.map(({ name, required }) => (required ? `<${name}>` : `[<${name}>]`))
  const options = Object.keys(command.options).length === 0 ? [] : ["[options]"]
  return ["cartwright", command.name, ...words, ...options].join(" ")
}

/** An option as it is written, e.g. `-q, --quiet`. */
export function optionSyntax(name: string, { short, value, greedy }: CliOption): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}${greedy ? " …" : ""}`}`
}

function optionLines(options: Readonly<Record<string, CliOption>>): string {
  return columns(
    Object.entries(options).map(([name, option]) => {
      const choices = option.choices === undefined ? "" : ` One of ${option.choices.join(", ")}.`
      return [optionSyntax(name, option), `${option.help}${choices}`]
    }),
  )
}
