// Breaks the program on purpose: the pointer names a version as soon as it is begun.
import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { basename, dirname, join } from "node:path"

const { mkdir } = fs.promises
fs.promises.mkdir = async (path, ...rest) => {
  const made = await mkdir(path, ...rest)
  const [, version] = /^[.]building-(.+)$/.exec(basename(path)) ?? []
  if (version !== undefined) fs.writeFileSync(join(dirname(path), "current"), `${version}\n`)
  return made
}
syncBuiltinESMExports()
