import { pipeline } from "node:stream"
import { BigQuery, common } from "@google-cloud/bigquery"

/** Who asks. Without one, the credentials that Google's libraries find by themselves (Application Default Credentials). */
export type Credentials =
  /** A service account's key. */
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
  return new BigQuery({
    projectId: project,
    location,
    autoRetry: false,
    ...(endpoint === undefined ? {} : { apiEndpoint: endpoint }),
    ...(credentials === undefined
      ? {}
      : "keyFile" in credentials
        ? { keyFilename: credentials.keyFile }
        : { authClient: tokenClient(credentials.accessToken) }),
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
