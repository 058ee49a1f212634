import { useEffect, useState } from "preact/hooks"

export type Theme = "light" | "dark"

const KEPT = "cartwright-theme"
const CHANGED = "cartwright-theme-changed"

function chosen(): Theme {
  const kept = localStorage.getItem(KEPT)
  if (kept === "light" || kept === "dark") return kept
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"
}

/** As the system has it, until the reader chooses. */
export function applyTheme(theme: Theme = chosen()): void {
  document.documentElement.dataset["theme"] = theme
  dispatchEvent(new Event(CHANGED))
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEPT, theme)
  applyTheme(theme)
}

export function useTheme(): Theme {
  const [theme, setTheme] = useState(chosen)
  useEffect(() => {
    const changed = () => setTheme(document.documentElement.dataset["theme"] === "dark" ? "dark" : "light")
    addEventListener(CHANGED, changed)
    return () => removeEventListener(CHANGED, changed)
  }, [])
  return theme
}
