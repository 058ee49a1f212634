import type { Effects } from "../core/effects.ts"
import type { Output } from "./terminal/output.ts"

/** One option of a command. Options without `value` are switches. */
export interface CliOption {
  /** What its value is, e.g. `DIR`; absent for a switch. */
  value?: string
  /** A letter for `-x`. */
  short?: string
  /** May be given more than once. */
  multiple?: boolean
  /** Takes all words up to the next option, as dbt's `--select a b`. */
  greedy?: boolean
  choices?: readonly string[]
  /** One sentence, with the default where there is one. */
  help: string
}

/** A command of the program. Its module loads quickly: what is heavy is imported when it runs. */
export interface Command {
  name: string
  /** One line for the list of commands. */
  summary: string
  /** Opens the help: commands that run as they stand, each with what it does. */
  examples: readonly (readonly [command: string, what: string])[]
  /** Paragraphs. */
  description: readonly string[]
  /** Its words, in order. */
  words: readonly CliWord[]
  options: Readonly<Record<string, CliOption>>
  /** Does the work. @returns the exit code */
  run(input: CommandInput, context: CommandContext): Promise<number>
}

export interface CliWord {
  name: string
  help: string
  required: boolean
  choices?: readonly string[]
}

/** What the person wrote, checked against the declaration. */
export interface CommandInput {
  words: readonly string[]
  /** A switch that was given. */
  has(option: string): boolean
  /** The last value given. */
  text(option: string): string | undefined
  /** All values given. */
  texts(option: string): readonly string[] | undefined
  /** As a number. @throws CartwrightError `usage` */
  number(option: string): number | undefined
}

export interface CommandContext {
  output: Output
  effects: Effects
  workingDirectory: string
  environment: Readonly<Record<string, string | undefined>>
}
