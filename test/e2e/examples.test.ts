import { execFileSync } from "node:child_process"
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { openDuckDb } from "../../src/warehouse/duckdb/duckdb-warehouse.ts"

/** Each folder of examples/ does what its README says: its commands are run as they stand, its questions answered. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const examples = readdirSync(join(root, "examples"))

interface Question {
  question: string
  sql: string
  rows: unknown[]
}

test.each(examples)("example: %s", async (example) => {
  const folder = mkdtempSync(join(tmpdir(), `cartwright-example-${example}-`))
  cpSync(join(root, "examples", example), folder, { recursive: true })
  const readme = readFileSync(join(folder, "README.md"), "utf8")
  const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((block) => block[1]).join("")
  expect(commands).toContain("cartwright run")
  execFileSync("bash", ["-euc", commands], {
    cwd: folder,
    env: { ...process.env, PATH: pathWithCartwright(folder) },
  })
  const shop = /--dir (\S+)/.exec(commands)?.[1] ?? ""
  const published = join(folder, shop, "published")
  const version = readFileSync(join(published, "current"), "utf8").trim()
  const questions = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Question[]
  expect(questions.length).toBeGreaterThan(0)
  const reader = await openDuckDb({ path: ":memory:" })
  const session = await reader.session()
  for (const { question, sql, rows } of questions) {
    expect(await session.rows(sql.replaceAll("$published", join(published, version))), question).toEqual(rows)
  }
  await reader.close()
})

/** A PATH on which `cartwright` is the built program. */
function pathWithCartwright(folder: string): string {
  const bin = join(folder, "bin")
  mkdirSync(bin)
  writeFileSync(join(bin, "cartwright"), `#!/bin/sh\nexec node "${join(root, "dist/cli/main.js")}" "$@"\n`)
  chmodSync(join(bin, "cartwright"), 0o755)
  return `${bin}:${process.env["PATH"]}`
}
