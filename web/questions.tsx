import { renderToString } from "preact-render-to-string"
import { App } from "./app.tsx"
import { PAGES } from "./pages/pages.ts"
import { lookIn } from "./state/known.ts"
import { searchOf, viewOf } from "./state/view.ts"

/**
 * What the pages would ask the server that is not known yet, for whoever writes a frozen copy: ask that, and come again until there is nothing more.
 * @param search the address's question mark and what follows
 */
export function questionsOf(search: string, replies: Readonly<Record<string, unknown>>): string[] {
  const missing = new Set<string>()
  lookIn((path) => {
    if (replies[path] === undefined) missing.add(path)
    return replies[path]
  })
  for (const { name } of PAGES) {
    // What a browser would have.
    Object.assign(globalThis, {
      location: { search: searchOf({ ...viewOf(search), page: name }) },
      localStorage: { getItem: () => "light" },
    })
    renderToString(<App />)
  }
  return [...missing]
}
