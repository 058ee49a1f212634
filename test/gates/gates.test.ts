import { execFile } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

/** Each gate of `npm run check` is shown a deliberate violation, and a clean twin, in a folder of its own. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const bin = (name: string) => join(root, "node_modules", ".bin", name)

/** A small project with these files and our configuration. */
function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-gate-"))
  for (const config of [
    "tsconfig.json",
    ".dependency-cruiser.cjs",
    ".oxlintrc.json",
    "biome.json",
    "knip.json",
  ]) {
    cpSync(join(root, config), join(folder, config))
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  const all = {
    "package.json": '{ "name": "gate", "version": "1.0.0", "type": "module", "private": true }\n',
    ...files,
  }
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

function run(
  cwd: string,
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(
      command,
      args,
      { cwd, env: { ...process.env, NO_COLOR: "1", ...env } },
      (error, stdout, stderr) => {
        resolve({
          code: typeof error?.code === "number" ? error.code : error ? 1 : 0,
          output: stdout + stderr,
        })
      },
    )
  })
}

interface Gate {
  name: string
  command: string
  args: string[]
  clean: Record<string, string>
  violation: Record<string, string>
  says: RegExp
}

const depcruise = { command: bin("depcruise"), args: ["--config", ".dependency-cruiser.cjs", "src"] }
const LAKE = { "src/lake/lake.ts": "export const lake = 1\n", "src/core/id.ts": "export const id = 1\n" }

const GATES: Gate[] = [
  {
    name: "format",
    command: bin("biome"),
    args: ["format", "--vcs-enabled=false", "src"],
    clean: { "src/core/a.ts": "export const a = 1\n" },
    violation: { "src/core/a.ts": "export   const a  = 1;\n" },
    says: /a\.ts format/,
  },
  {
    name: "lint: a promise that nobody awaits",
    command: bin("oxlint"),
    args: ["--type-aware", "--deny-warnings", "src"],
    clean: { "src/core/a.ts": "export async function work(): Promise<void> {\n  await work()\n}\n" },
    violation: { "src/core/a.ts": "export async function work(): Promise<void> {\n  work()\n}\n" },
    says: /no-floating-promises/,
  },
  {
    name: "lint: the environment outside project and cli",
    command: bin("oxlint"),
    args: ["--type-aware", "--deny-warnings", "src"],
    clean: { "src/project/a.ts": 'export const home = process.env["HOME"]\n' },
    violation: { "src/lake/a.ts": 'export const home = process.env["HOME"]\n' },
    says: /no-restricted-globals/,
  },
  {
    name: "lint: a script's name that nothing declares",
    command: bin("oxlint"),
    args: ["--deny-warnings", "scripts"],
    clean: { "scripts/a.mjs": 'import { rmSync } from "node:fs"\nrmSync("a")\n' },
    violation: { "scripts/a.mjs": 'rmSync("a")\n' },
    says: /no-undef/,
  },
  {
    name: "types",
    command: bin("tsc"),
    args: ["-p", "tsconfig.json"],
    clean: { "src/core/a.ts": "export const first = (xs: string[]): string => xs[0] ?? ''\n" },
    violation: { "src/core/a.ts": "export const first = (xs: string[]): string => xs[0]\n" },
    says: /TS2322/,
  },
  {
    name: "layer rules: upward",
    ...depcruise,
    clean: { ...LAKE, "src/lake/b.ts": 'import { id } from "../core/id.ts"\nexport const b = id\n' },
    violation: {
      ...LAKE,
      "src/core/b.ts": 'import { lake } from "../lake/lake.ts"\nexport const b = lake\n',
    },
    says: /core-imports-only-below/,
  },
  {
    name: "layer rules: sideways",
    ...depcruise,
    clean: { ...LAKE, "src/bronze/b.ts": 'import { lake } from "../lake/lake.ts"\nexport const b = lake\n' },
    violation: {
      ...LAKE,
      "src/warehouse/b.ts": 'import { lake } from "../lake/lake.ts"\nexport const b = lake\n',
    },
    says: /warehouse-imports-only-below/,
  },
  {
    name: "layer rules: types count too",
    ...depcruise,
    clean: LAKE,
    violation: {
      ...LAKE,
      "src/core/b.ts": 'import type { lake } from "../lake/lake.ts"\nexport type B = typeof lake\n',
    },
    says: /core-imports-only-below/,
  },
  {
    name: "layer rules: one connector imports another",
    ...depcruise,
    clean: { "src/connectors/a/a.ts": "export const a = 1\n" },
    violation: {
      "src/connectors/a/a.ts": "export const a = 1\n",
      "src/connectors/b/b.ts": 'import { a } from "../a/a.ts"\nexport const b = a\n',
    },
    says: /connectors-do-not-know-each-other/,
  },
  {
    name: "layer rules: core does I/O",
    ...depcruise,
    clean: LAKE,
    violation: {
      ...LAKE,
      "src/core/b.ts": 'import { readFileSync } from "node:fs"\nexport const b = readFileSync\n',
    },
    says: /core-is-pure/,
  },
  {
    name: "layer rules: a cycle",
    ...depcruise,
    clean: LAKE,
    violation: {
      "src/lake/a.ts": 'import { b } from "./b.ts"\nexport const a = (): unknown => b\n',
      "src/lake/b.ts": 'import { a } from "./a.ts"\nexport const b = (): unknown => a\n',
    },
    says: /no-cycles/,
  },
  {
    name: "layer rules: a misspelt path",
    ...depcruise,
    clean: LAKE,
    violation: { ...LAKE, "src/lake/b.ts": 'import { id } from "../core/ids.ts"\nexport const b = id\n' },
    says: /resolvable/,
  },
  {
    name: "dead code",
    command: bin("knip"),
    args: [],
    clean: {
      "src/index.ts": 'export { id } from "./core/id.ts"\n',
      "src/core/id.ts": "export const id = 1\n",
    },
    violation: {
      "src/index.ts": 'export { id } from "./core/id.ts"\n',
      "src/core/id.ts": "export const id = 1\nexport const nobody = 2\n",
    },
    says: /nobody/,
  },
  {
    name: "package",
    command: bin("publint"),
    args: ["--strict"],
    clean: {
      "dist/a.js": "export const a = 1\n",
      "package.json":
        '{ "name": "gate", "version": "1.0.0", "type": "module", "license": "MIT", "exports": "./dist/a.js", "files": ["dist"] }\n',
    },
    violation: {
      "package.json":
        '{ "name": "gate", "version": "1.0.0", "type": "module", "license": "MIT", "exports": "./dist/a.js", "files": ["dist"] }\n',
    },
    says: /dist\/a\.js/,
  },
  {
    name: "tests",
    command: bin("vitest"),
    args: ["run", "--config", join(root, "vitest.config.ts"), "--root", "."],
    clean: {
      "src/a.test.ts": 'import { expect, test } from "vitest"\ntest("sum", () => expect(1 + 1).toBe(2))\n',
    },
    violation: {
      "src/a.test.ts": 'import { expect, test } from "vitest"\ntest("sum", () => expect(1 + 1).toBe(3))\n',
    },
    says: /expected 2 to be 3/,
  },
]

test.each(GATES)("$name", async ({ command, args, clean, violation, says }) => {
  const [good, bad] = await Promise.all([
    run(project(clean), command, args),
    run(project(violation), command, args),
  ])
  expect(good, good.output).toMatchObject({ code: 0 })
  expect(bad.code).not.toBe(0)
  expect(bad.output).toMatch(says)
})

test("a missing engine is a visible skip on a laptop and a failure where CI=true", async () => {
  const suite = `import { describeWith } from ${JSON.stringify(join(root, "test/engines/lib/engines.ts"))}
describeWith({ abacus: undefined }, "needs an abacus", () => {})\n`
  const folder = project({ "src/a.test.ts": suite })
  const args = ["run", "--config", join(root, "vitest.config.ts"), "--root", "."]
  const laptop = await run(folder, bin("vitest"), args, { CI: "" })
  expect(laptop, laptop.output).toMatchObject({ code: 0 })
  expect(laptop.output).toMatch(/1 skipped/)
  const ci = await run(folder, bin("vitest"), args, { CI: "true" })
  expect(ci.code).not.toBe(0)
  expect(ci.output).toMatch(/missing: abacus/)
})
