import { CartwrightError, nearest, type ErrorDetails } from "../core/errors.ts"

/** What real dbt can do and the embedded runner cannot. Never a silent difference: it always ends here. */
export function unsupported(feature: string, place?: string): CartwrightError {
  return new CartwrightError(
    "unsupported",
    `not supported by the embedded runner: ${feature}; use --engine dbt`,
    {
      place,
      next: "Run the same command with --engine dbt (or transform.engine: dbt), or leave the feature out.",
    },
  )
}

/** An error in the dbt project: in a model, a macro or a property file. */
export function projectError(offence: string, details: ErrorDetails = {}): CartwrightError {
  return new CartwrightError("transform", offence, details)
}

/** "did you mean" for a name that nothing has: the nearest choice, if it is near enough. */
export function didYouMean(written: string, choices: readonly string[]): string {
  const near = nearest(written, choices)
  return near === undefined ? "" : `; did you mean '${near}'?`
}
