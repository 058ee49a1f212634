import { spawn } from "node:child_process"
import { dirname } from "node:path"
import { fileURLToPath } from "node:url"

/** The project's folder. Scripts work from it, wherever they are called. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Runs a command with this terminal; ends this script with the command's exit code where it fails. */
export async function run(command, args, options = {}) {
  const code = await exitCodeOf(command, args, options)
  if (code !== 0) {
    console.error(`\n${[command, ...args].join(" ")} ended with exit code ${code}`)
    process.exit(code)
  }
}

/** Runs a command with this terminal; returns its exit code. */
export function exitCodeOf(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: "inherit", cwd: root, ...options })
    // A person's Ctrl-C reaches the child by itself: wait for how it ends.
    const ignore = () => {}
    process.on("SIGINT", ignore)
    child.on("error", reject)
    child.on("exit", (code, signal) => {
      process.off("SIGINT", ignore)
      resolve(code ?? (signal === "SIGINT" ? 130 : 1))
    })
  })
}
