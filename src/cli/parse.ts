import { parseArgs } from "node:util"
import { CartwrightError, nearest } from "../core/errors.ts"
import type { Command, CommandInput, CliOption } from "./command.ts"
import { GLOBAL_OPTIONS } from "./options.ts"

/**
 * Reads the words after the command's name.
 * @throws CartwrightError `usage` for an unknown option, a missing value or a wrong word
 */
export function parseInput(command: Command, args: readonly string[]): CommandInput {
  const options = { ...command.options, ...GLOBAL_OPTIONS }
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, option]) => [
        name,
        {
          type: option.value === undefined ? ("boolean" as const) : ("string" as const),
          ...(option.short === undefined ? {} : { short: option.short }),
        },
      ]),
    ),
  })
  const values = new Map<string, string[]>()
  const words: string[] = []
  let greedy: string[] | undefined
  for (const token of tokens) {
    if (token.kind === "option-terminator") greedy = undefined
    else if (token.kind === "positional") (greedy ?? words).push(token.value)
    else {
      const option = options[token.name]
      if (option === undefined) throw unknownOption(command, token.rawName, Object.keys(options))
      const value = checkedValue(command, token.rawName, option, token.value, token.inlineValue ?? false)
      const list = values.get(token.name) ?? []
      if (value !== undefined) list.push(value)
      values.set(token.name, list)
      greedy = option.greedy ? list : undefined
    }
  }
  checkWords(command, words)
  return inputOf(command, words, values)
}

/** Whether an option is among the words, for what must be known before a command is: help, json. */
export function hasFlag(args: readonly string[], name: string): boolean {
  const { short } = GLOBAL_OPTIONS[name] ?? {}
  const end = args.indexOf("--")
  return args
    .slice(0, end < 0 ? args.length : end)
    .some((arg) => arg === `--${name}` || (short !== undefined && arg === `-${short}`))
}

export function usageError(
  command: Command | undefined,
  offence: string,
  choices: readonly string[] = [],
): CartwrightError {
  return new CartwrightError("usage", offence, {
    choices,
    next: `See \`cartwright ${command === undefined ? "" : `${command.name} `}--help\`.`,
  })
}

function unknownOption(command: Command, written: string, known: readonly string[]): CartwrightError {
  const choices = known.map((name) => `--${name}`)
  const near = nearest(written, choices)
  const hint = near === undefined ? "" : `; did you mean ${near}?`
  return usageError(command, `cartwright ${command.name} has no option ${written}${hint}`, choices)
}

function checkedValue(
  command: Command,
  written: string,
  option: CliOption,
  value: string | undefined,
  inline: boolean,
): string | undefined {
  if (option.value === undefined) {
    if (value !== undefined)
      throw usageError(command, `${written} takes no value, but it was given "${value}"`)
    return undefined
  }
  if (value === undefined || (!inline && value.startsWith("-") && value.length > 1)) {
    throw usageError(command, `${written} needs a value: ${written} ${option.value}`)
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    const near = nearest(value, option.choices)
    throw usageError(
      command,
      `${written} cannot be "${value}"${near === undefined ? "" : `; did you mean ${near}?`}`,
      option.choices,
    )
  }
  return value
}

function checkWords(command: Command, words: readonly string[]): void {
  const missing = command.words[words.length]
  if (missing?.required)
    throw usageError(
      command,
      `cartwright ${command.name} needs ${missing.name}: ${missing.help}`,
      missing.choices,
    )
  const surplus = words[command.words.length]
  if (surplus !== undefined)
    throw usageError(command, `cartwright ${command.name} does not know what "${surplus}" is for`)
  for (const [i, word] of words.entries()) {
    const choices = command.words[i]?.choices
    if (choices === undefined || choices.includes(word)) continue
    const near = nearest(word, choices)
    throw usageError(
      command,
      `cartwright ${command.name} has no ${word}${near === undefined ? "" : `; did you mean ${near}?`}`,
      choices,
    )
  }
}

function inputOf(
  command: Command,
  words: readonly string[],
  values: ReadonlyMap<string, string[]>,
): CommandInput {
  return {
    words,
    has: (option) => values.has(option),
    text: (option) => values.get(option)?.at(-1),
    texts: (option) => values.get(option),
    number: (option) => {
      const written = values.get(option)?.at(-1)
      if (written === undefined) return undefined
      const value = Number(written)
      if (written.trim() === "" || !Number.isFinite(value))
        throw usageError(command, `--${option} must be a number, but it is "${written}"`)
      return value
    },
  }
}
