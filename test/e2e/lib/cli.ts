import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

/** What a program that has ended left behind. */
export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

export interface Running {
  child: ChildProcess
  ended: Promise<Ended>
  /** Resolves once standard error or output has matched. */
  saw(pattern: RegExp): Promise<void>
  /** Standard output so far. */
  output(): string
}

/** The program as users have it where it is built, else from its source. */
const program = builtIsFresh()
  ? [join(root, "dist", "cli", "main.js")]
  : ["--import", join(root, "node_modules", "tsx", "dist", "loader.mjs"), join(root, "src", "cli", "main.ts")]

/** The words that call the program, for others to start it. */
export const PROGRAM = [process.execPath, ...program]

export function start(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; shell?: string; prefix?: readonly string[] } = {},
): Running {
  const environment = { ...process.env, ...options.env }
  delete environment["FORCE_COLOR"]
  const command = [...(options.prefix ?? []), process.execPath, ...program, ...args]
  const [file = "", ...rest] =
    options.shell === undefined ? command : ["bash", "-c", `${options.shell}; exec "$@"`, "bash", ...command]
  const child = spawn(file, rest, { cwd: options.cwd ?? tmpdir(), env: environment })
  let stdout = ""
  let stderr = ""
  const watchers: { pattern: RegExp; found: () => void }[] = []
  const look = () => {
    for (const { pattern, found } of watchers) if (pattern.test(stderr) || pattern.test(stdout)) found()
  }
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString()
    look()
  })
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString()
    look()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject)
    child.on("close", (code) => resolve({ code, stdout, stderr }))
  })
  const saw = (pattern: RegExp) =>
    new Promise<void>((found, missed) => {
      watchers.push({ pattern, found })
      look()
      void ended.then(() => missed(new Error(`ended without ${String(pattern)}:\n${stdout}\n${stderr}`)))
    })
  return { child, ended, saw, output: () => stdout }
}

/** Runs `cartwright` to its end. */
export function cartwright(
  args: readonly string[],
  options: Parameters<typeof start>[1] = {},
): Promise<Ended> {
  return start(args, options).ended
}

/** The last document that `--json` wrote. */
export function resultOf({ stdout }: Ended): Record<string, unknown> {
  const last = stdout.trim().split("\n").at(-1) ?? "{}"
  return JSON.parse(last) as Record<string, unknown>
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "cartwright-e2e-"))
}

function builtIsFresh(): boolean {
  const main = join(root, "dist", "cli", "main.js")
  return existsSync(main) && statSync(main).mtimeMs > newest(join(root, "src"))
}

function newest(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return Math.max(...entries.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs))
}
