import { CartwrightError } from "../../core/errors.ts"

/** One thing that is wrong in a configuration file. Line and column count from 1. */
export interface ConfigProblem {
  line: number
  column: number
  /** Where in the tree, e.g. `sources.shop.files.path`; empty for the file as a whole. */
  path: string
  offence: string
  /** What would have been valid. */
  choices: readonly string[]
}

/** Everything that is wrong in one configuration file, told at once. */
export class ConfigError extends CartwrightError {
  readonly file: string
  readonly problems: readonly ConfigProblem[]

  constructor(file: string, problems: readonly ConfigProblem[]) {
    const [first] = problems
    const single = problems.length === 1 && first !== undefined
    super("config", single ? first.offence : `${problems.length} things are wrong in the configuration`, {
      place: first === undefined || !single ? file : `${file}:${first.line}:${first.column}`,
      choices: single ? first.choices : [],
      next: "Correct the file and run the command again; every key is explained in docs/configuration.md.",
      state: "Nothing was run.",
    })
    this.file = file
    this.problems = problems
  }
}
