import { readFileSync } from "node:fs"
import { pipeline } from "node:stream"
import { BigQuery, common } from "@google-cloud/bigquery"
import { CartwrightError } from "../../core/errors.ts"

/** Who asks. Without one, the credentials that Google's libraries find by themselves (Application Default Credentials). */
export type Credentials =
  /** The file of a service account's key, or of workload identity federation. */
  | { keyFile: string }
  /** An OAuth access token, which nobody renews. */
  | { accessToken: string }

interface ClientOptions {
  project: string
  location: string
  credentials?: Credentials | undefined
  /** Another address than Google's: a private endpoint, an emulator. */
  endpoint?: string | undefined
}

/** The official client. It repeats nothing by itself: what may be repeated, and under which job id, is decided in `jobs.ts`. */
export function makeClient({ project, location, credentials, endpoint }: ClientOptions): BigQuery {
  const client = new BigQuery({
    projectId: project,
    location,
    autoRetry: false,
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    ...(credentials === undefined
      ? {}
      : "keyFile" in credentials
        ? { credentials: keyIn(credentials.keyFile) }
        : { authClient: tokenClient(credentials.accessToken) }),
  })
  // The client takes the variable BIGQUERY_EMULATOR_HOST, where it is set, for the interface's path as well.
  client.baseUrl = `${client.apiEndpoint}/bigquery/v2`
  return client
}

/** @throws CartwrightError `config` when the file holds no credentials; what it holds is in no message */
function keyIn(path: string): { type: string } {
  let text: string
  try {
    text = readFileSync(path, "utf8")
  } catch (cause) {
    throw noKey(path, "cannot be read", cause)
  }
  let key: unknown
  try {
    key = JSON.parse(text)
  } catch {
    throw noKey(path, "is no JSON")
  }
  if (typeof key !== "object" || key === null || !("type" in key) || typeof key.type !== "string")
    throw noKey(path, "holds no Google credentials")
  return { ...key, type: key.type }
}

function noKey(path: string, offence: string, cause?: unknown): CartwrightError {
  return new CartwrightError("config", `the key file ${offence}`, {
    place: path,
    next: "Make one with: gcloud iam service-accounts keys create <file> --iam-account=<account>",
    state: "Nothing was asked of BigQuery.",
    cause,
  })
}

type AuthClient = NonNullable<NonNullable<ConstructorParameters<typeof BigQuery>[0]>["authClient"]>

/** All that the client asks of an `AuthClient`: the headers of a request. */
function tokenClient(token: string): AuthClient {
  const headers = new Headers({ authorization: `Bearer ${token}` })
  return { getRequestHeaders: async () => headers } as unknown as AuthClient
}

type Upload = Parameters<typeof common.util.makeWritableStream>

/**
 * Sends a stream with a job that loads it. The client's own `createWriteStream` would do the same, but puts no labels on the job.
 * @returns the job as BigQuery answers
 */
export function upload(
  client: BigQuery,
  project: string,
  job: object,
  content: () => NodeJS.ReadableStream,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    // What `makeWritableStream` asks of the stream that it is given for its user to write to.
    const sink = {
      emit: () => true,
      destroy: reject,
      setWritable: (body: NodeJS.WritableStream) =>
        pipeline(content(), body, (error) => {
          if (error) reject(error)
        }),
    }
    common.util.makeWritableStream(
      sink as unknown as Upload[0],
      {
        makeAuthenticatedRequest: client.makeAuthenticatedRequest as Upload[1]["makeAuthenticatedRequest"],
        metadata: job,
        request: { uri: `${client.apiEndpoint}/upload/bigquery/v2/projects/${project}/jobs` },
      },
      resolve,
    )
  })
}
