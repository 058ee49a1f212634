#!/usr/bin/env node
import { setFlagsFromString } from "node:v8"
import { program } from "./program.ts"

// For a command of seconds, optimized code comes too late, and compiling it takes cores from the engine. A function now has to
// run nine times as long before. The room for values that do not live long grows to its full size at once: on its way there, collecting
// them takes twice the time. Another Node.js may not know the options and would say so.
if (process.versions.node.startsWith("20.")) {
  setFlagsFromString("--interrupt-budget=600000")
  setFlagsFromString("--semi-space-growth-factor=16")
}

const stopping = new AbortController()

/** The first Ctrl-C asks the program to stop at the next safe place, the second ends it at once. */
function stop(): void {
  if (stopping.signal.aborted) process.exit(130)
  stopping.abort()
  process.stderr.write("\nStopping … press Ctrl-C again to end at once.\n")
}
process.on("SIGINT", stop)
process.on("SIGTERM", stop)
// A reader that has seen enough (`| head`) ends the program quietly.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0)
  throw error
})

process.exitCode = await program({
  args: process.argv.slice(2),
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  workingDirectory: process.cwd(),
  signal: stopping.signal,
  now: () => new Date(),
})
