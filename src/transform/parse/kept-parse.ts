import { createHash } from "node:crypto"
import { existsSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { deserialize, serialize } from "node:v8"
import { isDeepStrictEqual } from "node:util"
import { replaceFile } from "../../storage/local/whole-file.ts"
import type { Invocation } from "../context/context.ts"
import type { Dict, Manifest } from "../nodes.ts"
import { Lookup } from "./lookup.ts"

/** Where a parsed project is kept for the next invocation. */
export interface ParseStore {
  /** A file that nobody misses when it is gone. */
  file: string
  /** Equal where all files below the project's folder are, installed packages left out. */
  projectKey: string
}

/** What parsing made, and all that it was made from. */
interface Kept {
  key: string
  /** Digests of the environment variables that templates asked for; of null where one was not set. */
  environment: Map<string, string>
  manifest: Manifest
  /** By id, what property files say about macros. */
  macros: Map<string, Dict>
}

/**
 * Gives an opened invocation what an earlier one parsed from the same files, with the same profile, variables and program.
 * @returns false where nothing fits; then the invocation is as it was
 */
export function takeKept(invocation: Invocation, store: ParseStore): boolean {
  const kept = read(store.file)
  if (kept === undefined || kept.key !== keyOf(invocation, store)) return false
  for (const [name, value] of kept.environment)
    if (value !== digest(invocation.environment[name] ?? null)) return false
  Object.assign(invocation.manifest, kept.manifest)
  invocation.macros.describeAll(kept.macros)
  invocation.lookup = new Lookup(invocation.manifest, invocation.root.name)
  return true
}

/**
 * Keeps what an invocation has just parsed, unless the next one may parse something else from the same files: where a template asked what time
 * it is, or a package lies where the store's key does not look.
 */
export function keep(invocation: Invocation, store: ParseStore): void {
  const { asked, manifest, macros, environment } = invocation
  if (asked.clock || !isWithinProject(invocation)) return
  const kept: Kept = {
    key: keyOf(invocation, store),
    environment: new Map([...asked.environment].map((name) => [name, digest(environment[name] ?? null)])),
    manifest,
    macros: macros.descriptions(),
  }
  const content = serialize(kept)
  // A value of a class of its own, which a config may hold, would come back as something else.
  if (isDeepStrictEqual(deserialize(content), kept))
    replaceFile(store.file, Buffer.concat([checksum(content), content]))
}

function read(file: string): Kept | undefined {
  if (!existsSync(file)) return undefined
  const bytes = readFileSync(file)
  const content = bytes.subarray(CHECKSUM_BYTES)
  return checksum(content).equals(bytes.subarray(0, CHECKSUM_BYTES))
    ? (deserialize(content) as Kept)
    : undefined
}

const CHECKSUM_BYTES = 32

function checksum(content: Buffer): Buffer {
  return createHash("sha256").update(content).digest()
}

function digest(value: unknown): string {
  return checksum(Buffer.from(JSON.stringify(value))).toString("hex")
}

/** The program is known by its own file: a build gives it another name or time. */
function keyOf(invocation: Invocation, { projectKey }: ParseStore): string {
  const { target, vars, command, fullRefresh, failFast } = invocation
  const program = fileURLToPath(import.meta.url)
  return digest([
    projectKey,
    program,
    statSync(program).mtimeMs,
    target,
    vars,
    command,
    fullRefresh,
    failFast,
  ])
}

function isWithinProject({ root, projects }: Invocation): boolean {
  const installed = join(root.root, root.packagesPath, "/")
  return [...projects.values()].every(
    (project) =>
      project === root ||
      (project.root.startsWith(join(root.root, "/")) && !project.root.startsWith(installed)),
  )
}
