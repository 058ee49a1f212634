import { readFileSync } from "node:fs"
import { SourceMap, type SourceMapPayload } from "node:module"
import { dirname, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { installationFolder } from "../project/installation.ts"

/**
 * A stack whose places in the built files are those in the source, e.g. `src/pipeline/run.ts:41:7`. Only what has failed
 * pays for it: reading source maps takes longer than most commands. A place whose map cannot be read stays as it is, since
 * what is to be told is the failure before.
 */
export function withSourceLines(stack: string): string {
  const maps = new Map<string, SourceMap | undefined>()
  return stack.replaceAll(
    /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/g,
    (written, url: string, line: string, column: string) => {
      const file = fileURLToPath(url)
      if (!maps.has(file)) maps.set(file, mapOf(file))
      const found = maps.get(file)?.findEntry(Number(line) - 1, Number(column) - 1)
      if (found === undefined || !("originalSource" in found)) return written
      const source = relative(installationFolder(), resolve(dirname(file), found.originalSource))
      return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`
    },
  )
}

function mapOf(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")) as SourceMapPayload)
  } catch {
    return undefined
  }
}
