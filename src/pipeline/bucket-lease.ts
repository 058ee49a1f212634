import { CartwrightError } from "../core/errors.ts"
import type { BucketStorage } from "../storage/gcs/gcs-storage.ts"
import { isStale, type LeaseHolder, lockedError } from "./lease.ts"

/** The store that has the lease, as far as it is needed. */
type Store = Pick<BucketStorage, "uri" | "stat" | "read" | "replace" | "remove">

const KEY = "lease.json"
/** Longer than clocks of machines differ, and than a machine pauses. */
const TERM_MS = 180_000
const RENEW_MS = 30_000

/**
 * Takes a shop for one of several machines that load the same warehouse, by an object of its bucket: each write states the version
 * that it replaces, so of two that find a stale one, one gets it.
 * @param holder who takes it
 * @param onLost called when another machine has taken it over, or it could not be renewed in time
 * @throws CartwrightError `locked` while another process holds it
 */
export async function takeBucketLease(
  store: Store,
  holder: LeaseHolder,
  now: () => Date,
  onLost: () => void,
): Promise<{ release(): Promise<void> }> {
  let expiresAt = 0
  const write = async (seen: string | undefined) => {
    const until = now().getTime() + TERM_MS
    const content = JSON.stringify({ ...holder, expiresAt: new Date(until).toISOString() })
    const version = await store.replace(KEY, content, seen)
    if (version !== undefined) expiresAt = until
    return version
  }
  let version = await write(undefined)
  while (version === undefined) version = await write(await replaceable(store, holder, now()))
  let renewal = Promise.resolve()
  const renew = async () => {
    try {
      version = (await write(version)) ?? (await ownVersion(store, holder))
      if (version !== undefined) return
    } catch {
      // The next renewal tries again, for as long as nobody else may take it.
      if (now().getTime() < expiresAt) return
    }
    clearInterval(timer)
    onLost()
  }
  const timer = setInterval(() => {
    renewal = renewal.then(renew)
  }, RENEW_MS).unref()
  return {
    async release() {
      clearInterval(timer)
      await renewal
      // Where it cannot be removed, it expires.
      if (version !== undefined) await store.remove(KEY, version).catch(() => undefined)
    },
  }
}

/** The version of a lease that may be replaced: a stale one, or our own, whose answer was lost. @throws CartwrightError `locked` */
async function replaceable(store: Store, { token }: LeaseHolder, now: Date): Promise<string | undefined> {
  const found = await read(store)
  if (found !== undefined && found.holder.token !== token && !isStale(found.holder, now))
    throw lockedError(`${store.uri}/${KEY}`, found.holder)
  return found?.version
}

/** The version that we wrote although we were not told so. */
async function ownVersion(store: Store, { token }: LeaseHolder): Promise<string | undefined> {
  const found = await read(store)
  return found?.holder.token === token ? found.version : undefined
}

/**
 * The lease with the version that it had before it was read: where it was written meanwhile, replacing it fails. Undefined where there
 * is none, or none any more.
 */
async function read(store: Store): Promise<{ holder: LeaseHolder; version: string } | undefined> {
  const info = await store.stat(KEY)
  if (info === undefined) return undefined
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of store.read(KEY)) chunks.push(chunk)
  } catch (error) {
    if (error instanceof CartwrightError && error.code === "lake") return undefined
    throw error
  }
  return { holder: JSON.parse(Buffer.concat(chunks).toString("utf8")) as LeaseHolder, version: info.version }
}
