import { CartwrightError } from "../core/errors.ts"
import { exitCodeOf } from "./exit-codes.ts"
import { withSourceLines } from "./source-lines.ts"
import type { Output } from "./terminal/output.ts"

/** One line of a list of offences, as a wrong configuration has them. */
interface Problem {
  line: number
  column: number
  offence: string
  choices: readonly string[]
}

/**
 * Tells an error to the person, or to the machine with --json.
 * @returns the exit code
 */
export function renderError(error: unknown, output: Output): number {
  output.end()
  if (!(error instanceof CartwrightError)) return renderBug(error, output)
  const code = exitCodeOf(error.code)
  if (output.json) {
    output.result({ ok: false, exitCode: code, error: errorDocument(error) })
    return code
  }
  const { style } = output
  const problems = problemsOf(error)
  const file = "file" in error ? String(error.file) : ""
  output.error(`${style("red", "error:")} ${style("bold", error.message)}`)
  if (problems.length > 1) {
    for (const problem of problems) {
      output.error(`  ${style("cyan", `${file}:${problem.line}:${problem.column}`)}  ${problem.offence}`)
      if (problem.choices.length > 0) output.error(`      valid: ${problem.choices.join(", ")}`)
    }
  } else {
    if (error.place !== undefined) output.error(`  at:    ${style("cyan", error.place)}`)
    if (error.choices.length > 0) output.error(`  valid: ${listed(error.choices)}`)
  }
  if (error.next !== undefined) output.error(`  next:  ${error.next}`)
  if (error.state !== undefined) output.error(`  state: ${error.state}`)
  return code
}

/** An error as JSON. */
export function errorDocument(error: CartwrightError): Record<string, unknown> {
  const { code, message, place, choices, next, state } = error
  const problems = problemsOf(error)
  return { code, message, place, choices, next, state, ...(problems.length > 0 ? { problems } : {}) }
}

function problemsOf(error: CartwrightError): readonly Problem[] {
  return "problems" in error ? (error.problems as readonly Problem[]) : []
}

function listed(choices: readonly string[]): string {
  const lines = choices.join(", ")
  return lines.length <= 90 ? lines : `\n         ${choices.join("\n         ")}`
}

function renderBug(error: unknown, output: Output): number {
  const stack = withSourceLines(error instanceof Error ? (error.stack ?? error.message) : String(error))
  if (output.json) {
    output.result({
      ok: false,
      exitCode: 1,
      error: { code: "bug", message: error instanceof Error ? error.message : String(error), stack },
    })
    return 1
  }
  output.error(
    `${output.style("red", "This is a bug in Cartwright.")} Please report it with these lines and the command that you ran:`,
  )
  output.error(stack)
  return 1
}
