import { existsSync, readFileSync, readdirSync, statSync } from "node:fs"
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
  if (!isInstalled()) {
    console.log("Installing packages …")
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"])
  }
  if (build && newest(join(root, "src")) > builtAt()) {
    console.log("Building …")
    await run("node", ["scripts/build.mjs"])
  }
}

/** Whether node_modules holds what the lock file says, by the list that npm leaves there once all is in place. */
function isInstalled() {
  const list = join(root, "node_modules", ".package-lock.json")
  if (!existsSync(list)) return false
  const there = JSON.parse(readFileSync(list, "utf8")).packages
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages
  // Optional ones may be for other platforms.
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === "" || (there[path]?.version ?? (optional && version)) === version,
  )
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
