import { createHash } from "node:crypto"
import { closeSync, existsSync, openSync, statSync, writeSync } from "node:fs"
import { createServer } from "node:http"
import { join } from "node:path"
import { root } from "../lib/run.mjs"
import { measure } from "./measure.mjs"

const MIB = 1 << 20

/**
 * Loads a file of 2 GiB as bronze's staged Parquet is, with its job and through a bucket, into a server of ours that takes the bytes
 * and forgets them.
 * @returns name of the way → what `measure` returns
 */
export async function uploads(home) {
  const file = join(home, "2-GiB.parquet")
  if (!existsSync(file) || statSync(file).size !== 2048 * MIB) writeBytes(file, 2048)
  const { url, taken, stop } = await startSink()
  const load = async (...staging) => {
    const before = taken()
    const run = await measure(
      process.execPath,
      ["--import", "tsx", join(root, "scripts/bench/load-parquet.mjs"), url, file, ...staging],
      { cwd: root },
    )
    if (taken() - before < 2048 * MIB) throw new Error(`only ${taken() - before} bytes arrived`)
    return run
  }
  try {
    return { "with its job": await load(), "through a bucket": await load("gs://bench/lake/staged") }
  } finally {
    stop()
  }
}

function writeBytes(path, mebibytes) {
  const file = openSync(path, "w")
  for (let i = 0; i < mebibytes; i++) writeSync(file, Buffer.alloc(MIB, i % 251))
  closeSync(file)
}

/** Answers as BigQuery does to a load, and as Cloud Storage does to a resumable upload. */
async function startSink() {
  let bytes = 0
  let md5
  const take = async (request, response) => {
    const { method = "", url = "", headers } = request
    const reply = (status, body, more = {}) => {
      response.writeHead(status, { "content-type": "application/json", ...more })
      response.end(body === undefined ? undefined : JSON.stringify(body))
    }
    const upload = method === "PUT"
    for await (const chunk of request) {
      bytes += chunk.length
      if (upload) md5.update(chunk)
    }
    const job = /\/jobs\/([^/?]+)/.exec(url)?.[1] ?? "job"
    if (url.includes("/jobs"))
      reply(200, {
        jobReference: { projectId: "bench", jobId: job, location: "EU" },
        status: { state: "DONE" },
        statistics: { load: { outputRows: "1" } },
      })
    else if (method === "DELETE") reply(204)
    else if (method === "POST") {
      md5 = createHash("md5")
      reply(200, {}, { location: `http://${headers.host}/session` })
    } else {
      const [, last, total] = /bytes \d+-(\d+)\/(\d+|\*)/.exec(headers["content-range"]) ?? []
      if (total === "*" || Number(last) + 1 < Number(total))
        reply(308, undefined, { range: `bytes=0-${last}` })
      else reply(200, { name: "object", size: total, generation: "1", md5Hash: md5.digest("base64") })
    }
  }
  const server = createServer((request, response) => void take(request, response))
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    taken: () => bytes,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
