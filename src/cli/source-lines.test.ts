import { spawnSync } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { buildSync } from "esbuild"
import { expect, test } from "vitest"
import { withSourceLines } from "./source-lines.ts"

test("the stack of a built file names the lines of its source; one whose map is missing or broken stays", () => {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-source-lines-"))
  const source = join(folder, "work.ts")
  writeFileSync(
    source,
    "type Unused = string\n\nexport const fail = () => {\n  throw new Error('no')\n}\nfail()\n",
  )
  for (const [name, sourcemap] of [
    ["mapped", true],
    ["broken", true],
    ["plain", false],
  ] as const) {
    const outfile = join(folder, "out", `${name}.js`)
    buildSync({ entryPoints: [source], outfile, format: "esm", sourcemap, sourcesContent: false })
    if (name === "broken") writeFileSync(`${outfile}.map`, "{")
    const stack = spawnSync(process.execPath, [outfile], { encoding: "utf8" }).stderr
    expect(stack).toContain(`${name}.js:`)
    const shown = withSourceLines(stack)
    if (name === "mapped") {
      expect(shown).toMatch(/at fail \(.*work\.ts:4:9\)\n.* at .*work\.ts:6:1/)
      expect(shown).not.toContain("mapped.js:1")
    } else expect(shown).toBe(stack)
  }
})
