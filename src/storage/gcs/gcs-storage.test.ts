import { createHash } from "node:crypto"
import { once } from "node:events"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { inspect } from "node:util"
import { afterEach, describe, expect, test } from "vitest"
import { googleClient } from "./client.ts"
import { cloudError } from "./cloud-errors.ts"
import { gcsStorage } from "./gcs-storage.ts"

/** What every store does is tried on a server in test/engines/gcs-storage.test.ts; here is what such a server never answers. */

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A store whose service answers as told. */
async function answering(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  longestSilenceMs = 1000,
) {
  const server = createServer(answer)
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return gcsStorage({ uri: "gs://my-bucket/lake", endpoint, longestSilenceMs })
}

const saying = (status: number, message: string, reason: string) =>
  answering((request, response) => {
    request.resume()
    response.writeHead(status, { "content-type": "application/json" })
    response.end(
      JSON.stringify({ error: { code: status, message, errors: [{ message, domain: "global", reason }] } }),
    )
  })

async function listed(store: Awaited<ReturnType<typeof gcsStorage>>): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list("")) keys.push(key)
  return keys
}

async function read(store: Awaited<ReturnType<typeof gcsStorage>>, key: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of store.read(key)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe("the service's refusals say what to do", () => {
  test.each([
    [
      "a missing bucket",
      404,
      "The specified bucket does not exist.",
      "notFound",
      /^there is no bucket my-bucket$/,
      "gcloud storage buckets create gs://my-bucket --location=",
    ],
    [
      "a missing permission",
      403,
      "loader@my-project.iam.gserviceaccount.com does not have storage.objects.list access to the Google Cloud Storage bucket. Permission 'storage.objects.list' denied on resource (or it may not exist).",
      "forbidden",
      /^loader@my-project.iam.gserviceaccount.com lacks the permission storage.objects.list in the bucket my-bucket/,
      "gcloud storage buckets add-iam-policy-binding gs://my-bucket --member=serviceAccount:loader@my-project.iam.gserviceaccount.com --role=roles/storage.objectViewer",
    ],
    [
      "no credentials",
      401,
      "Anonymous caller does not have storage.objects.list access to the Google Cloud Storage bucket.",
      "required",
      /^there are no credentials for Google Cloud here/,
      "gcloud auth application-default login",
    ],
    [
      "an expired token",
      401,
      "Invalid Credentials",
      "authError",
      /^the credentials for Google Cloud have expired or were revoked: Invalid Credentials$/,
      "gcloud auth application-default login",
    ],
    [
      "an API that is switched off",
      403,
      "Cloud Storage JSON API has not been used in project 123456789 before or it is disabled. Enable it by visiting the console.",
      "accessNotConfigured",
      /^the API of Google Cloud Storage is switched off in the project 123456789$/,
      "gcloud services enable storage.googleapis.com --project=123456789",
    ],
    [
      "another project",
      403,
      "Caller does not have required permission to use project other-shop. Grant the caller the roles/serviceusage.serviceUsageConsumer role.",
      "forbidden",
      /^the credentials belong to a project that cannot be used here/,
      "gcloud auth application-default set-quota-project PROJECT",
    ],
    [
      "a project without billing",
      403,
      "The billing account for the owning project is disabled in state absent",
      "accountDisabled",
      /^the project of the bucket has no active billing account/,
      "gcloud billing projects link PROJECT --billing-account=ACCOUNT",
    ],
  ])("%s", async (_, status, message, reason, offence, next) => {
    const store = await saying(status, message, reason)
    await expect(listed(store)).rejects.toMatchObject({
      code: "environment",
      message: expect.stringMatching(offence),
      place: "gs://my-bucket/lake/",
      next: expect.stringContaining(next),
      state: "Nothing was changed.",
    })
  })

  test("writing asks for the role that writes", async () => {
    const store = await saying(
      403,
      "anna@example.com does not have storage.objects.create access to the Google Cloud Storage object.",
      "forbidden",
    )
    await expect(store.writeIfAbsent("a", Buffer.from("x"))).rejects.toMatchObject({
      place: "gs://my-bucket/lake/a",
      next: expect.stringContaining("--member=user:anna@example.com --role=roles/storage.objectAdmin"),
      state: expect.stringContaining("Nothing half-written counts"),
    })
  })

  test.each([
    [
      "Could not load the default credentials. Browse to https://cloud.google.com/docs/authentication",
      "no credentials",
    ],
    ["invalid_grant", "have expired"],
    ["error:1E08010C:DECODER routines::unsupported", "the key file for Google Cloud is damaged"],
    ["getaddrinfo ENOTFOUND storage.googleapis.com", "does not answer while reading"],
  ])("what the client says before it asks: %s", (message, offence) => {
    expect(cloudError("reading", "gs://b/a", "b", new Error(message)).message).toContain(offence)
  })

  test("no error holds the token of the request that failed", () => {
    const thrown = Object.assign(new Error("Forbidden"), {
      code: 403,
      config: { headers: { Authorization: "Bearer abc" } },
    })
    expect(inspect(thrown, { depth: 9 })).toContain("Bearer abc")
    const told = inspect(cloudError("reading", "gs://b/a", "b", thrown), { depth: 9 })
    expect(told).toContain("Forbidden")
    expect(told).not.toContain("Bearer abc")
  })
})

test("a server that is busy for a moment is asked again", async () => {
  let asked = 0
  const store = await answering((_, response) => {
    asked++
    response.writeHead(asked === 1 ? 503 : 200, { "content-type": "application/json" })
    response.end(
      asked === 1 ? "{}" : JSON.stringify({ items: [{ name: "lake/a", size: "1", generation: "7" }] }),
    )
  })
  expect(await listed(store)).toEqual(["a"])
  expect(asked).toBe(2)
})

describe("reading", () => {
  const content = Buffer.alloc(3 << 20, "0123456789")
  const md5 = createHash("md5").update(content).digest("base64")

  const serving = (body: Buffer, hash: string, cutFirstAt: number, asked: string[]) =>
    answering((request, response) => {
      const generation = /generation=(\d+)/.exec(request.url ?? "")?.[1] ?? "none"
      const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0)
      asked.push(`${generation} from ${start === 0 ? "the beginning" : "the middle"}`)
      response.writeHead(start > 0 ? 206 : 200, {
        "content-length": body.length - start,
        "x-goog-generation": "7",
        "x-goog-hash": hash,
        "x-goog-stored-content-length": body.length,
      })
      if (asked.length > 1 || cutFirstAt === 0) response.end(body.subarray(start))
      else response.write(body.subarray(0, cutFirstAt), () => setTimeout(() => request.socket.destroy(), 50))
    })

  test("goes on in the middle of the same generation where the connection breaks", async () => {
    const asked: string[] = []
    const store = await serving(content, `crc32c=AAAAAA==,md5=${md5}`, 1 << 20, asked)
    expect((await read(store, "a")).equals(content)).toBe(true)
    expect(asked).toEqual(["none from the beginning", "7 from the middle"])
  })

  test("proves what arrived by its md5, and a composed object's by its CRC32C", async () => {
    // CRC32C of "123456789", the check value of the algorithm's definition: e3069283.
    const right = await serving(Buffer.from("123456789"), "crc32c=4waSgw==", 0, [])
    expect((await read(right, "a")).toString()).toBe("123456789")
    const wrong = {
      code: "environment",
      place: "gs://my-bucket/lake/a",
      message: expect.stringContaining("checksum"),
    }
    await expect(
      read(await serving(Buffer.from("12345678X"), "crc32c=4waSgw==", 0, []), "a"),
    ).rejects.toMatchObject(wrong)
    await expect(
      read(await serving(Buffer.concat([content, Buffer.from("X")]), `md5=${md5}`, 0, []), "a"),
    ).rejects.toMatchObject(wrong)
  })
})

test("where the answer to a write got lost, the writer knows its own object", async () => {
  let stored: string | undefined
  const store = await answering((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      if (request.method === "POST" && stored === undefined) {
        stored = Buffer.concat(chunks).toString("utf8")
        request.socket.destroy()
        return
      }
      const attempt = /"cartwright-attempt":"([^"]+)"/.exec(stored ?? "")?.[1]
      response.writeHead(request.method === "POST" ? 412 : 200, { "content-type": "application/json" })
      response.end(
        JSON.stringify(
          request.method === "POST"
            ? { error: { code: 412, message: "Precondition failed" } }
            : { name: "lake/a", metadata: { "cartwright-attempt": attempt } },
        ),
      )
    })
  })
  expect(await store.writeIfAbsent("a", Buffer.from("mine"))).toBe(true)
  // Another writer's object is in the way of the next.
  expect(await store.writeIfAbsent("a", Buffer.from("mine"))).toBe(false)
})

test("a service that falls silent in the middle of an upload is not waited for for ever", async () => {
  const store = await answering((request, response) => {
    request.resume()
    if (request.method === "POST")
      response.writeHead(200, { location: `http://${request.headers.host}/upload` }).end("{}")
  }, 100)
  async function* large() {
    for (let i = 0; i < 20; i++) yield Buffer.alloc(1 << 20)
  }
  await expect(store.writeIfAbsent("a", large())).rejects.toMatchObject({
    code: "environment",
    message: expect.stringContaining("does not answer while writing the object"),
  })
})

test("a large content is read to its end where the service refuses it at once", async () => {
  const store = await answering((request, response) => {
    request.resume()
    const status = request.method === "GET" ? 200 : 412
    response.writeHead(status, { "content-type": "application/json" })
    const refusal = { error: { code: 412, message: "Precondition failed" } }
    response.end(JSON.stringify(status === 412 ? refusal : { name: "lake/a" }))
  })
  let ended = false
  async function* large() {
    for (let i = 0; i < 40; i++) yield Buffer.alloc(1 << 20)
    ended = true
  }
  expect(await store.writeIfAbsent("a", large())).toBe(false)
  expect(ended).toBe(true)
})

test.each(["gs://Bucket/x", "gs://b", "gs://my-bucket/a//b", "gs://my-bucket/../x", "gs://"])(
  "%s is no place in a bucket",
  async (uri) => {
    await expect(gcsStorage({ uri })).rejects.toMatchObject({ code: "config" })
  },
)

test("an emulator's address needs no scheme", () => {
  expect(googleClient({ endpoint: "localhost:4443" }).baseUrl).toBe("http://localhost:4443/storage/v1")
})
