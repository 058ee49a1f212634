import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { thisProcess } from "../project/process.ts"
import { currentHolder, takeLease, type LeaseHolder } from "./lease.ts"

const NOW = new Date("2026-11-21T08:00:00Z")
const LATER = new Date("2026-11-21T08:02:00Z")

function shop() {
  const runs = join(mkdtempSync(join(tmpdir(), "cartwright-lease-")), "runs")
  const file = join(runs, "lease.json")
  const take = (now = NOW) =>
    takeLease(
      runs,
      { runId: "run", command: "cartwright run" },
      () => now,
      () => {},
    )
  const write = (changes: Partial<LeaseHolder>) => {
    const holder = JSON.parse(readFileSync(file, "utf8")) as LeaseHolder
    writeFileSync(file, JSON.stringify({ ...holder, token: "other", runId: "before", ...changes }))
  }
  return { runs, file, take, write }
}

/** The number of a process that has ended. */
const endedPid = spawnSync(process.execPath, ["-e", ""]).pid

describe("the lease of a shop", () => {
  test("is one process's until it is given back", () => {
    const { take, file, runs } = shop()
    const lease = take()
    expect(() => take()).toThrow(/another run holds the shop: cartwright run \(run run, process \d+ on /)
    expect(currentHolder(runs, NOW)?.pid).toBe(process.pid)
    lease.release()
    expect(existsSync(file)).toBe(false)
    expect(currentHolder(runs, NOW)).toBeUndefined()
    take().release()
  })

  test("of a process that ended is taken over, and tells whose it was", () => {
    const { take, write } = shop()
    take()
    write({ pid: endedPid, start: null })
    const lease = take()
    expect(lease.abandoned).toEqual(["before"])
    lease.release()
  })

  test.runIf(existsSync("/proc/self/stat"))(
    "of a killed process that nobody has cleared away is taken over",
    async () => {
      const { take, write } = shop()
      take()
      // `sleep` takes the place of the shell before the child ends, and never asks how the process ended that the shell had started.
      const parent = spawn("bash", ["-c", "sleep 0.5 & echo $!; exec sleep 60"])
      const pid = Number(
        await new Promise((resolve) => parent.stdout.once("data", (data) => resolve(String(data)))),
      )
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "utf8")).toContain(") Z ")
      write({ pid, start: null })
      expect(take().abandoned).toEqual(["before"])
      parent.kill()
    },
  )

  test("of a process whose number another one has by now is taken over", () => {
    const { take, write } = shop()
    take()
    write({ start: "another boot/1" })
    expect(take().abandoned).toEqual(["before"])
  })

  test("of a living process holds even when it could not renew it in time", () => {
    const { take } = shop()
    take()
    expect(() => take(LATER)).toThrow(/another run holds the shop/)
  })

  test("of another machine holds until it expires", () => {
    const { take, write } = shop()
    take()
    write({ host: "elsewhere" })
    expect(() => take()).toThrow(/on elsewhere/)
    expect(take(LATER).abandoned).toEqual(["before"])
  })

  test("that a kill left half-written is no lease", () => {
    const { take, file } = shop()
    take()
    writeFileSync(file, '{"token": "ot')
    take().release()
    expect(existsSync(file)).toBe(false)
  })

  test("is not given back by who lost it", () => {
    const { take, write, file } = shop()
    const lease = take()
    write({})
    lease.release()
    expect(existsSync(file)).toBe(true)
    expect(thisProcess().pid).toBe(process.pid)
  })
})
