import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { beforeEach, expect, test } from "vitest"
import type { Delivery } from "../../core/delivery.ts"
import type { DatasetDeclaration } from "./declaration.ts"
import { filesConnector } from "./files-connector.ts"

let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cartwright-files-"))
})

function write(name: string, modified = "2026-01-15T12:00:00Z") {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, "id\n1\n")
  utimesSync(path, new Date(modified), new Date(modified))
}

async function deliveries(declared: DatasetDeclaration, asOf?: Date): Promise<Delivery[]> {
  const connector = filesConnector({ name: "shop", files: { path: folder, datasets: { things: declared } } })
  const found = await connector.deliveries("things", asOf)
  if ("error" in found) throw found.error
  return found
}

const told = (found: Delivery[]) =>
  found.map(({ asOf, timeFrom, files }) => [
    asOf.toISOString(),
    timeFrom,
    files.map(({ name }) => name).join(" "),
  ])

test("without a date, all files are one delivery, as of the newest modification", async () => {
  write("b.csv", "2026-01-02T00:00:00.123Z")
  write("a.csv", "2026-01-01T00:00:00Z")
  write("other.txt", "2026-03-01T00:00:00Z")
  expect(told(await deliveries({ files: "*.csv" }))).toEqual([
    ["2026-01-02T00:00:00.123Z", "modification", "a.csv b.csv"],
  ])
})

test("a date in the path goes before the modification time; several are deliveries in order", async () => {
  write("things/date=20260202/x.csv")
  write("things/date=2026-02-01/x.csv")
  write("things/date=20260202/y.csv")
  expect(told(await deliveries({ files: "things" }))).toEqual([
    ["2026-02-01T00:00:00.000Z", "path", "things/date=2026-02-01/x.csv"],
    ["2026-02-02T00:00:00.000Z", "path", "things/date=20260202/x.csv things/date=20260202/y.csv"],
  ])
})

test("a stated time goes before both, but cannot be the time of several dates", async () => {
  const stated = new Date("2026-05-05T05:05:05Z")
  write("things/date=20260202/x.csv")
  expect(told(await deliveries({ files: "things" }, stated))).toEqual([
    ["2026-05-05T05:05:05.000Z", "request", "things/date=20260202/x.csv"],
  ])
  write("things/date=20260203/x.csv")
  expect((await deliveries({ files: "things" }, stated)).map(({ asOf }) => asOf.getUTCDate())).toEqual([2, 3])
})

test("what is no date of the calendar is none", async () => {
  write("date=20260231/x.csv")
  write("update=20260201/y.csv")
  expect(told(await deliveries({ files: "." }))).toEqual([
    ["2026-01-15T12:00:00.000Z", "modification", "date=20260231/x.csv update=20260201/y.csv"],
  ])
})

test("hidden files and folders are passed over, and so is a data set that is left out", async () => {
  write(".hidden.csv")
  write(".git/a.csv")
  write("a.csv")
  expect(told(await deliveries({ files: "**" }))).toEqual([
    ["2026-01-15T12:00:00.000Z", "modification", "a.csv"],
  ])
  const datasets = { kept: { files: "a.csv" }, dropped: { files: "b.csv", include: false } }
  expect(filesConnector({ name: "shop", files: { path: folder, datasets } }).datasets).toEqual(["kept"])
})
