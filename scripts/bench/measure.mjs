import { spawn } from "node:child_process"
import { readFileSync, readdirSync } from "node:fs"

/**
 * Runs a command as a whole process, its output thrown away unless it fails.
 * @returns wall seconds, and the peak resident memory in bytes of the largest process of its tree (Linux; else 0)
 */
export async function measure(command, args, options = {}) {
  const started = performance.now()
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options })
  const output = []
  child.stdout.on("data", (chunk) => output.push(chunk))
  child.stderr.on("data", (chunk) => output.push(chunk))
  let peak = 0
  const poll = setInterval(() => {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) peak = Math.max(peak, peakOf(pid))
  }, 50)
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject)
    child.on("close", resolve)
  })
  clearInterval(poll)
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) {
    throw new Error(
      `${[command, ...args].join(" ")} ended with ${code}:\n${Buffer.concat(output).toString().slice(-4000)}`,
    )
  }
  return { seconds, peak }
}

/**
 * Times subjects in turn (A B A B …), so that a machine whose speed drifts slows all of them.
 * @param subjects name → function that runs the subject once and returns what {@link measure} returns
 * @returns name → { seconds, peak }: medians over the rounds, with minimum and maximum seconds
 */
export async function interleave(subjects, rounds) {
  const runs = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, subject] of Object.entries(subjects)) runs[name].push(await subject(round))
  }
  return Object.fromEntries(
    Object.entries(runs).map(([name, its]) => {
      const seconds = its.map((run) => run.seconds)
      return [
        name,
        {
          seconds: median(seconds),
          minimum: Math.min(...seconds),
          maximum: Math.max(...seconds),
          peak: Math.max(...its.map((run) => run.peak)),
          rounds,
        },
      ]
    }),
  )
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function peakOf(pid) {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
    return Number(kilobytes ?? 0) * 1024
  } catch {
    return 0
  }
}

function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => {
      const children = readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")
        .split(" ")
        .filter(Boolean)
        .map(Number)
      return children.flatMap((child) => [child, ...childrenOf(child)])
    })
  } catch {
    return []
  }
}
