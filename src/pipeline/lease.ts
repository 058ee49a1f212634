import { randomBytes } from "node:crypto"
import { linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { CartwrightError } from "../core/errors.ts"
import { lives, type ProcessIdentity, thisProcess } from "../project/process.ts"
import { readJsonFile } from "./json-file.ts"

/** Who works on a shop: `runs/lease.json`. One writer at a time. */
export interface LeaseHolder extends ProcessIdentity {
  token: string
  runId: string
  command: string
  takenAt: string
  /** After this time the lease no longer counts, unless its process is known to be alive. */
  expiresAt: string
}

export interface Lease {
  holder: LeaseHolder
  /** Run ids of holders that ended without giving the lease back. */
  abandoned: string[]
  release(): void
}

const FILE = "lease.json"
const TERM_MS = 60_000
const RENEW_MS = 10_000
/** A process that is killed while it takes over a stale lease leaves this guard for so long. */
const GUARD_MS = 10_000

/** @param onLost called when another process has taken the lease over, e.g. after this machine slept */
export function takeLease(
  runsFolder: string,
  run: { runId: string; command: string },
  now: () => Date,
  onLost: () => void,
): Lease {
  mkdirSync(runsFolder, { recursive: true })
  const file = join(runsFolder, FILE)
  const time = now()
  const holder: LeaseHolder = {
    token: randomBytes(8).toString("hex"),
    ...run,
    ...thisProcess(),
    takenAt: time.toISOString(),
    expiresAt: new Date(time.getTime() + TERM_MS).toISOString(),
  }
  const abandoned: string[] = []
  while (!createWhole(file, holder)) {
    const other = holderIn(file)
    if (other !== undefined && !isStale(other, now())) throw lockedError(file, other)
    if (other !== undefined) abandoned.push(other.runId)
    removeStale(file, other?.token)
  }
  removeUnused(runsFolder, now())
  const timer = setInterval(() => {
    if (holderIn(file)?.token !== holder.token) {
      clearInterval(timer)
      onLost()
      return
    }
    const renewed = { ...holder, expiresAt: new Date(now().getTime() + TERM_MS).toISOString() }
    const fresh = `${file}.${holder.token}`
    try {
      writeFileSync(fresh, JSON.stringify(renewed))
      renameSync(fresh, file)
    } catch {
      // On a full disk the lease is as it was, and the next renewal tries again.
      rmSync(fresh, { force: true })
    }
  }, RENEW_MS).unref()
  return {
    holder,
    abandoned,
    release() {
      clearInterval(timer)
      if (holderIn(file)?.token === holder.token) rmSync(file, { force: true })
    },
  }
}

/** Who works on the shop now; undefined where nobody does. */
export function currentHolder(runsFolder: string, now: Date): LeaseHolder | undefined {
  const holder = holderIn(join(runsFolder, FILE))
  return holder === undefined || isStale(holder, now) ? undefined : holder
}

/** A lease is stale when its process is gone, or when it expired and nobody can say that its process lives. */
export function isStale(holder: LeaseHolder, now: Date): boolean {
  const alive = lives(holder)
  return alive === undefined ? Date.parse(holder.expiresAt) < now.getTime() : !alive
}

/** Writes the whole file or none; false where one is there. */
function createWhole(file: string, holder: LeaseHolder): boolean {
  const fresh = `${file}.${holder.token}`
  try {
    writeFileSync(fresh, JSON.stringify(holder))
    linkSync(fresh, file)
    return true
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false
    throw error
  } finally {
    rmSync(fresh, { force: true })
  }
}

/** Removes leases that were being written by processes which were killed. */
function removeUnused(runsFolder: string, now: Date): void {
  for (const name of readdirSync(runsFolder)) {
    if (!/^lease[.]json[.][0-9a-f]{16}$/.test(name)) continue
    const path = join(runsFolder, name)
    const writer = holderIn(path)
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (writer === undefined ? now.getTime() - written > TERM_MS : isStale(writer, now))
      rmSync(path, { force: true })
  }
}

/** Of several processes that find the same stale lease, one removes it; the guard keeps the others from removing its successor. */
function removeStale(file: string, token: string | undefined): void {
  const guard = `${file}.guard`
  try {
    mkdirSync(guard)
  } catch {
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > GUARD_MS) rmSync(guard, { recursive: true, force: true })
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    return
  }
  try {
    if (holderIn(file)?.token === token) rmSync(file, { force: true })
  } finally {
    rmSync(guard, { recursive: true, force: true })
  }
}

function holderIn(file: string): LeaseHolder | undefined {
  return readJsonFile(file) as LeaseHolder | undefined
}

export function lockedError(file: string, holder: LeaseHolder): CartwrightError {
  return new CartwrightError(
    "locked",
    `another run holds the shop: ${holder.command} (run ${holder.runId}, process ${holder.pid} on ${holder.host}, since ${holder.takenAt})`,
    {
      place: file,
      next: "Wait until it has ended; `cartwright status` shows what it does.",
      state: "Nothing was changed by this command.",
    },
  )
}
