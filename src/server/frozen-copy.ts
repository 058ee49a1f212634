import { createApp } from "./app.ts"
import { openLiveShop } from "./live-shop.ts"
import { readPageFiles, type PageFiles } from "./page-files.ts"
import type { ServedShop } from "./replies.ts"

/** What the pages ask beyond what is known; `web/questions.tsx`. */
export type QuestionsOf = (search: string, replies: Readonly<Record<string, unknown>>) => string[]

/** A name that no browser asks by. */
const HOST = "frozen"

/**
 * The dashboard as one HTML file that needs no server: all pages in one state, as a viewer sees them. What the server refuses, the
 * copy refuses in the same words.
 * @param search the state: the address's question mark and what follows
 */
export async function frozenCopy(options: {
  served: ServedShop
  page: string
  search: string
  questionsOf: QuestionsOf
  now: Date
}): Promise<{ html: string; replies: number }> {
  const { served, page, search, questionsOf, now } = options
  const files = await readPageFiles(page)
  const live = await openLiveShop(served.places)
  try {
    const bugs: unknown[] = []
    const app = createApp({
      live,
      served,
      files,
      door: { host: "", hosts: [HOST], publicUrl: undefined, users: undefined, role: "viewer" },
      now: () => now,
      onBug: (error) => bugs.push(error),
    })
    const replies: Record<string, unknown> = {}
    for (;;) {
      const asked = questionsOf(search, replies)
      if (asked.length === 0) break
      for (const path of asked) {
        const reply = await app.request(`http://${HOST}${path}`, { headers: { host: HOST } })
        if (bugs.length > 0) throw bugs[0]
        const isJson = reply.headers.get("content-type")?.startsWith("application/json") === true
        replies[path] = isJson ? await reply.json() : await reply.text()
      }
    }
    const frozen = { at: now.toISOString(), search, replies }
    return { html: whole(files, frozen), replies: Object.keys(replies).length }
  } finally {
    await live.close()
  }
}

/** The page with its styles, typeface, numbers and script within it. */
function whole(files: PageFiles, frozen: object): string {
  const text = (address: string) => files.get(address)?.content.toString("utf8") ?? ""
  const styles = (address: string) =>
    text(address).replaceAll(/url\("?\.\/([^")]+)"?\)/g, (_, name: string) => {
      const font = files.get(`/${name}`)
      return `url("data:${font?.type};base64,${font?.content.toString("base64")}")`
    })
  // Within a script no text may look like the script's end.
  const data = JSON.stringify(frozen).replaceAll("<", "\\u003c")
  return text("/")
    .replace(
      /<link rel="stylesheet" href="([^"]+)" \/>/,
      (_, address: string) => `<style>${styles(address)}</style>`,
    )
    .replace(
      /<script type="module" src="([^"]+)"><\/script>/,
      (_, address: string) =>
        `<script>cartwrightFrozen=${data}</script><script type="module">${text(address).replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--")}</script>`,
    )
}
