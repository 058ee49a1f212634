import { afterEach, expect, test } from "vitest"
import {
  done,
  failed,
  fine,
  idOf,
  inserts,
  NO_ROWS,
  type Reply,
  startStub,
  type Stub,
} from "./stub.fixture.ts"

let stub: Stub
const serve = async (reply: Reply) => {
  stub = await startStub(reply)
  return stub
}
afterEach(() => stub.stop())

const MB = 1024 * 1024

test.each([
  ["403 rateLimitExceeded", failed(403, "rateLimitExceeded", "Exceeded rate limits: too many api requests")],
  ["400 jobRateLimitExceeded", failed(400, "jobRateLimitExceeded", "Exceeded rate limits")],
  [
    "503 backendError",
    failed(503, "backendError", "Error encountered during execution. Retrying may solve the problem."),
  ],
  [
    "500 internalError",
    failed(500, "internalError", "An internal error occurred and the request could not be completed."),
  ],
  ["502 without a body", { status: 502, body: "Bad Gateway" }],
  ["429", failed(429, "rateLimitExceeded", "Too many requests")],
])("%s is asked again under the same id, later each time", async (_, trouble) => {
  let troubles = 3
  const { open, waits } = await serve(
    fine(({ path }) => (path === "jobs" && troubles-- > 0 ? trouble : undefined)),
  )
  const session = await (await open()).session()
  expect(await session.run("insert into d.t values (1), (2), (3)")).toBe(3)
  expect(new Set(inserts(stub).map(idOf)).size).toBe(1)
  expect(inserts(stub)).toHaveLength(4)
  // Half of 1, 2 and 4 seconds for sure, and half of the other half by the chance that the test gives.
  expect(waits).toEqual([750, 1500, 3000])
})

test("a job whose start was answered by a broken connection is taken over, not run twice", async () => {
  let broken = 0
  const { open } = await serve((request) => {
    if (request.path === "jobs" && broken++ === 0) return undefined
    if (request.path === "jobs")
      return failed(409, "duplicate", `Already Exists: Job shop-1:EU.${idOf(request)}`)
    return { ...NO_ROWS, numDmlAffectedRows: "2" }
  })
  const session = await (await open()).session()
  expect(await session.run("insert into d.t values (1), (2)")).toBe(2)
  expect(new Set(inserts(stub).map(idOf)).size).toBe(1)
})

test("a job that BigQuery itself failed at is run again under another id; within a transaction it is not", async () => {
  const reason = { reason: "backendError", message: "Error encountered during execution" }
  let failures = 1
  const { open } = await serve(
    fine((request) => {
      const failing = (request.body.configuration?.query?.query ?? "").startsWith("update") && failures-- > 0
      if (failing) return done(idOf(request), { status: { errorResult: reason, errors: [reason] } })
      if (request.path.startsWith("jobs/"))
        return done("x", { statistics: { sessionInfo: { sessionId: "session-1" } } })
      return undefined
    }),
  )
  const session = await (await open()).session("step")
  await session.runOnce("key", "update d.t set i = 1 where true")
  const [first, second] = inserts(stub).map(idOf)
  expect(second).toBe(`${first}_1`)
  failures = 1
  await expect(
    session.transaction(() => session.run("update d.t set i = 2 where true")),
  ).rejects.toMatchObject({
    code: "environment",
  })
  expect(inserts(stub).map(({ body }) => body.configuration?.query?.query)).toEqual([
    "update d.t set i = 1 where true",
    "update d.t set i = 1 where true",
    "begin transaction",
    "update d.t set i = 2 where true",
    "rollback transaction",
  ])
})

test("a step that is tried again passes over jobs of before that failed", async () => {
  const reason = { reason: "invalidQuery", message: "Table has no column x at [1:8]" }
  const { open } = await serve((request) => {
    const id = idOf(request)
    if (request.path === "jobs" && !id.endsWith("_1"))
      return failed(409, "duplicate", `Already Exists: Job shop-1:EU.${id}`)
    if (request.path === "jobs") return done(id)
    if (request.path.endsWith("_1")) return { ...NO_ROWS, numDmlAffectedRows: "5" }
    if (request.path.startsWith("queries/")) return failed(400, "invalidQuery", reason.message)
    return done("x", { status: { errorResult: reason, errors: [reason] } })
  })
  const session = await (await open()).session("step")
  expect(await session.runOnce("key", "insert into d.t select 1")).toBe(5)
})

test("a transaction is one session of BigQuery's, ended when the warehouse is closed", async () => {
  const { open } = await serve(
    fine(({ path }) =>
      path.startsWith("jobs/")
        ? done("x", { statistics: { sessionInfo: { sessionId: "session-1" } } })
        : undefined,
    ),
  )
  const warehouse = await open()
  const session = await warehouse.session("merge")
  await session.transaction(() => session.run("insert into d.t values (1)"))
  await session.transaction(() => session.run("insert into d.t values (2)"))
  await warehouse.close()
  const asked = inserts(stub).map(({ body }) => body.configuration?.query)
  expect(asked.map((query) => query?.query)).toEqual([
    "begin transaction",
    "insert into d.t values (1)",
    "commit transaction",
    "begin transaction",
    "insert into d.t values (2)",
    "commit transaction",
    "call bq.abort_session('session-1')",
  ])
  expect(asked[0]).toMatchObject({ createSession: true })
  for (const query of asked.slice(1, -1))
    expect(query?.["connectionProperties"]).toEqual([{ key: "session_id", value: "session-1" }])
})

test("a temporary table opens the session that later statements run in", async () => {
  const { open } = await serve(
    fine(({ path }) =>
      path.startsWith("jobs/")
        ? done("x", { statistics: { sessionInfo: { sessionId: "session-1" } } })
        : undefined,
    ),
  )
  const session = await (await open()).session("stage")
  await session.rows("select 1")
  await session.run("create temp table _staged as select 1 as i")
  await session.rows("select i from _staged")
  await session.transaction(() => session.run("insert into d.t select i from _staged"))
  const asked = inserts(stub).map(({ body }) => body.configuration?.query)
  expect(asked.map((query) => query?.["createSession"] ?? query?.["connectionProperties"])).toEqual([
    undefined,
    true,
    ...Array.from({ length: 4 }, () => [{ key: "session_id", value: "session-1" }]),
  ])
  const temporary = session.runOnce("key", "create or replace temp table _staged as select 2 as i")
  await expect(temporary).rejects.toMatchObject({ code: "unsupported" })
})

test("what is undone with a transaction is not run once, and a step has one session at a time", async () => {
  const { open } = await serve(fine(() => undefined))
  const warehouse = await open()
  const session = await warehouse.session("merge")
  await expect(session.transaction(() => session.runOnce("key", "select 1"))).rejects.toMatchObject({
    code: "unsupported",
  })
  await expect(warehouse.session("merge")).rejects.toMatchObject({ code: "unsupported", place: "merge" })
  session.close()
  await warehouse.session("merge")
})

test("aborting cancels the job that runs, and nothing is started any more", async () => {
  const stopping = new AbortController()
  const { open, requests } = await serve(
    fine(({ path }) => {
      if (!path.startsWith("queries/")) return undefined
      setTimeout(() => stopping.abort(), 10)
      return { jobComplete: false }
    }),
  )
  const session = await (await open({ signal: stopping.signal })).session()
  await expect(session.run("merge d.t using d.s on false")).rejects.toMatchObject({ code: "interrupted" })
  const [started] = inserts(stub).map(idOf)
  expect(requests.filter(({ path }) => path.endsWith("/cancel")).map(({ path }) => path)).toEqual([
    `jobs/${started}/cancel`,
  ])
  await expect(session.rows("select 1")).rejects.toMatchObject({ code: "interrupted" })
  expect(inserts(stub)).toHaveLength(1)
})

test("aborting ends the wait for a service that does not answer", async () => {
  const stopping = new AbortController()
  const { open } = await serve(() => failed(503, "backendError", "Try again"))
  const pause = (_: number, signal?: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new Error("aborted")))
      stopping.abort()
    })
  const options = { signal: stopping.signal, pacing: { pause, random: () => 0 } }
  await expect((await open(options)).ensureDataset("bronze")).rejects.toMatchObject({ code: "interrupted" })
})

test("a script's changed rows are those of its last statement", async () => {
  const { open } = await serve((request) => {
    if (request.query.get("parentJobId") !== null)
      return {
        jobs: [{ jobReference: { jobId: "child" }, statistics: { query: { numDmlAffectedRows: "4" } } }],
      }
    if (request.path === "jobs") return done(idOf(request))
    if (request.path.startsWith("queries/")) return NO_ROWS
    return done("x", { statistics: { query: { statementType: "SCRIPT" } } })
  })
  const session = await (await open()).session()
  expect(await session.run("delete from d.t where true; insert into d.t select * from d.s")).toBe(4)
})

test("the results of several pages are one result", async () => {
  const fields = [{ name: "i", type: "INTEGER" }]
  const { open } = await serve((request) => {
    if (request.path === "jobs") return done(idOf(request))
    const token = request.query.get("pageToken")
    const row = (i: number) => ({ f: [{ v: String(i) }] })
    if (token === null)
      return { jobComplete: true, schema: { fields }, rows: [row(1), row(2)], pageToken: "two" }
    return { jobComplete: true, schema: { fields }, rows: [row(3)] }
  })
  const session = await (await open()).session()
  expect(await session.result("select i from d.t")).toEqual({
    columns: ["i"],
    types: ["INT64"],
    rows: [[1n], [2n], [3n]],
  })
})

test("all jobs of a run together are billed no more than the cap", async () => {
  const billed = 200 * MB
  const { open } = await serve((request) => {
    const { configuration } = request.body
    if (configuration?.dryRun === true) {
      const bytes = /big/.test(configuration.query?.query ?? "") ? 300 * MB : 190 * MB
      return done("", {
        statistics: {
          totalBytesProcessed: String(bytes),
          query: { referencedTables: [{}], totalBytesProcessedAccuracy: "PRECISE" },
        },
      })
    }
    if (request.path === "jobs") return done(idOf(request))
    if (request.path.startsWith("queries/")) return NO_ROWS
    return done("x", { statistics: { query: { totalBytesBilled: String(billed) } } })
  })
  const warehouse = await open({ maxBytesBilled: 500 * MB })
  const session = await warehouse.session()
  const other = await warehouse.session()
  await Promise.all([session.rows("select a from d.t"), other.rows("select b from d.t")])
  expect(warehouse.billed()).toBe(2 * billed)
  const started = inserts(stub).filter(({ body }) => body.configuration?.dryRun !== true)
  expect(started.map(({ body }) => body.configuration?.query?.["maximumBytesBilled"])).toEqual([
    String(200 * MB),
    String(200 * MB),
  ])
  await expect(session.rows("select a from d.big")).rejects.toMatchObject({
    code: "config",
    message: "the query may be billed 310 MB, and of the run's 500 MB only 100 MB are left",
    state: "The query did not run and costs nothing.",
  })
  expect(await warehouse.estimate("select a from d.big")).toBe(300 * MB)
})
