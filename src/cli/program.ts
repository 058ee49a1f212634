import { CartwrightError, nearest } from "../core/errors.ts"
import type { Effects } from "../core/effects.ts"
import type { CommandContext } from "./command.ts"
import { commandHelp, programHelp } from "./help.ts"
import { hasFlag, parseInput, usageError } from "./parse.ts"
import { allCommands, COMMANDS } from "./registry.ts"
import { renderError } from "./render-error.ts"
import { createOutput } from "./terminal/output.ts"
import { wantsColor } from "./terminal/style.ts"

/** What the process gives the program. */
export interface ProgramContext {
  args: readonly string[]
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WritableStream & { columns?: number; isTTY?: boolean }
  environment: Readonly<Record<string, string | undefined>>
  workingDirectory: string
  signal: AbortSignal
  now: () => Date
}

/** Runs the program. @returns the exit code */
export async function program(context: ProgramContext): Promise<number> {
  const { args, stdout, stderr, environment } = context
  const terminal = stderr.isTTY === true && environment["CI"] === undefined
  const output = createOutput({
    stdout,
    stderr,
    json: hasFlag(args, "json"),
    quiet: hasFlag(args, "quiet"),
    terminal,
    color: wantsColor(terminal, environment),
  })
  const effects: Effects = {
    now: context.now,
    signal: context.signal,
    report: (event) => output.progress(event),
  }
  const { workingDirectory } = context
  try {
    return await dispatch(args, { output, effects, workingDirectory, environment }, stdout)
  } catch (error) {
    const stopped =
      context.signal.aborted && !(error instanceof CartwrightError && error.code === "interrupted")
    return renderError(stopped ? interrupted(error) : error, output)
  } finally {
    output.end()
  }
}

async function dispatch(
  args: readonly string[],
  context: CommandContext,
  stdout: NodeJS.WritableStream,
): Promise<number> {
  const [first, ...rest] = args
  const name = first !== undefined && !first.startsWith("-") ? first : undefined
  if (name === undefined) {
    if (hasFlag(args, "version")) {
      const { programVersion } = await import("../project/installation.ts")
      stdout.write(`${programVersion()}\n`)
      return 0
    }
    const unknown = args.find((arg) => !["--help", "-h", "--json", "--quiet", "-q"].includes(arg))
    if (unknown !== undefined)
      throw usageError(undefined, `cartwright needs a command before ${unknown}`, Object.keys(COMMANDS))
    stdout.write(programHelp(await allCommands()))
    return 0
  }
  if (name === "help") return dispatch([...rest.slice(0, 1), "--help"], context, stdout)
  const load = COMMANDS[name]
  if (load === undefined) {
    const near = nearest(name, Object.keys(COMMANDS))
    const hint = near === undefined ? "" : `; did you mean ${near}?`
    throw usageError(undefined, `there is no command ${name}${hint}`, Object.keys(COMMANDS))
  }
  const command = await load()
  if (hasFlag(rest, "help")) {
    stdout.write(commandHelp(command))
    return 0
  }
  return command.run(parseInput(command, rest), context)
}

/** What fails because the person stopped the program is no failure of its own. */
function interrupted(cause: unknown): CartwrightError {
  const state = cause instanceof CartwrightError ? cause.state : undefined
  return new CartwrightError("interrupted", "stopped on request", {
    state: state ?? "Nothing half-done counts; the next run goes on from here.",
    cause,
  })
}
