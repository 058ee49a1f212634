import { readdir, readFile } from "node:fs/promises"
import { extname, join, relative, sep } from "node:path"
import { isMissing } from "../storage/local/system-errors.ts"

export interface PageFile {
  content: Buffer
  type: string
  caching: string
}

/** The files of the page by the path in the address, read once: what is not among them cannot be asked for. */
export type PageFiles = ReadonlyMap<string, PageFile>

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
}

/** Empty where the page was not built. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, PageFile>()
  let entries
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    if (isMissing(error)) return files
    throw error
  }
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    const address = `/${relative(folder, path).split(sep).join("/")}`
    // Names other than the page's own carry a hash of the content.
    const isPage = address === "/index.html"
    files.set(isPage ? "/" : address, {
      content: await readFile(path),
      type,
      caching: isPage ? "no-cache" : "public, max-age=31536000, immutable",
    })
  }
  return files
}
