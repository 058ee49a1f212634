import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

interface Lockfile {
  packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>
}

/** Optional packages (the binaries of other platforms) that the lock file does not hold: `npm ci` would refuse it there. */
function missing({ packages }: Lockfile): string[] {
  return Object.values(packages)
    .flatMap(({ optionalDependencies }) => Object.keys(optionalDependencies ?? {}))
    .filter((name) => packages[`node_modules/${name}`] === undefined)
}

test("the lock file holds the binaries of every platform", () => {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as Lockfile
  expect(missing(lock)).toEqual([])
  delete lock.packages["node_modules/@duckdb/node-bindings-darwin-arm64"]
  expect(missing(lock)).toEqual(["@duckdb/node-bindings-darwin-arm64"])
})
