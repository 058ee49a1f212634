/** Renders one string that holds Jinja; the result may be of any type. */
export type RenderValue = (text: string, place: string) => Promise<unknown>

/**
 * Renders every string with Jinja in a tree of YAML values. Keys stay as they are.
 * @param skip whether what is at a path is left for later
 */
export async function renderTree(
  value: unknown,
  render: (text: string) => Promise<unknown>,
  skip: (path: readonly string[]) => boolean = () => false,
): Promise<unknown> {
  // Most files hold no Jinja at all: then nothing is copied and nothing awaited.
  return needsRendering(value, [], skip) ? renderLevel(value, [], render, skip) : value
}

function hasJinja(text: string): boolean {
  return text.includes("{{") || text.includes("{%") || text.includes("{#")
}

function needsRendering(value: unknown, path: string[], skip: (path: readonly string[]) => boolean): boolean {
  if (typeof value === "string") return hasJinja(value) && !skip(path)
  if (value === null || typeof value !== "object") return false
  for (const [key, item] of Object.entries(value)) {
    path.push(key)
    const found = needsRendering(item, path, skip)
    path.pop()
    if (found) return true
  }
  return false
}

async function renderLevel(
  value: unknown,
  path: readonly string[],
  render: (text: string) => Promise<unknown>,
  skip: (path: readonly string[]) => boolean,
): Promise<unknown> {
  if (typeof value === "string") return hasJinja(value) && !skip(path) ? render(value) : value
  if (value === null || typeof value !== "object" || !isPlain(value)) return value
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const [i, item] of value.entries())
      items.push(await renderLevel(item, [...path, String(i)], render, skip))
    return items
  }
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value))
    result[key] = await renderLevel(item, [...path, key], render, skip)
  return result
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
