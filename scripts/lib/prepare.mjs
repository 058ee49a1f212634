import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { root, run } from "./run.mjs"

const MINIMUM = [20, 19]

/** Installs (`npm ci`) and builds where that is needed; quick where nothing changed. */
export async function prepare({ build = true } = {}) {
  const [major, minor] = process.versions.node.split(".").map(Number)
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    console.error(
      `Cartwright needs Node ${MINIMUM.join(".")} or newer; this is Node ${process.versions.node}.`,
    )
    process.exit(2)
  }
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex")
  const stamp = join(root, "node_modules", ".cartwright-lock")
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
    console.log("Installing packages …")
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])
    mkdirSync(join(root, "node_modules"), { recursive: true })
    writeFileSync(stamp, lock)
  }
  if (build && newest(join(root, "src")) > builtAt()) {
    console.log("Building …")
    await run("node", ["scripts/build.mjs"])
  }
}

function builtAt() {
  const main = join(root, "dist", "cli", "main.js")
  return existsSync(main) ? statSync(main).mtimeMs : 0
}

function newest(folder) {
  let newestTime = statSync(folder).mtimeMs
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    newestTime = Math.max(newestTime, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return newestTime
}
