import { readFileSync } from "node:fs"
import { hostname } from "node:os"

/** What tells one process of one machine from every other. */
export interface ProcessIdentity {
  pid: number
  host: string
  /** When it began, as the system counts, with the system's boot; tells it from a later process of its number. */
  start: string | null
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), start: startOf(process.pid) }
}

/** Whether a process lives; undefined where it cannot be told from here. */
export function lives({ pid, host, start }: ProcessIdentity): boolean | undefined {
  if (host !== hostname()) return undefined
  if (!isTaken(pid) || isZombie(pid)) return false
  const now = startOf(pid)
  return start === null || now === null ? undefined : start === now
}

function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"
  }
}

/** Whether it has ended and only waits for its parent to notice, which some parents in containers never do. */
function isZombie(pid: number): boolean {
  return /^[ZXx]$/.test(statOf(pid)?.[0] ?? "")
}

function startOf(pid: number): string | null {
  const fields = statOf(pid)
  try {
    return fields === undefined
      ? null
      : `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}/${fields[19]}`
  } catch {
    return null
  }
}

/** The fields of /proc/<pid>/stat from the third on, the state; undefined where the system has no such file. */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  } catch {
    return undefined
  }
}
