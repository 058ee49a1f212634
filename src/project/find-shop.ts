import { existsSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

export const CONFIG_FILE = "cartwright.yaml"

/**
 * The shop's folder: the one named, else the nearest one from `start` upwards that holds a `cartwright.yaml`.
 * @returns undefined where there is none
 */
export function findShop(start: string): string | undefined {
  let folder = resolve(start)
  for (;;) {
    if (existsSync(join(folder, CONFIG_FILE))) return folder
    const parent = dirname(folder)
    if (parent === folder) return undefined
    folder = parent
  }
}
