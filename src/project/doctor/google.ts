import { googleClient } from "../../storage/gcs/client.ts"

/** Where Google's services are asked. */
export interface GoogleAddresses {
  bigquery: string
  storage: string
  /** Tells which permissions an account has in a project; undefined where an emulator stands in, which knows none. */
  projects: string | undefined
}

const GOOGLE: GoogleAddresses = {
  bigquery: "https://bigquery.googleapis.com",
  storage: "https://storage.googleapis.com",
  projects: "https://cloudresourcemanager.googleapis.com",
}

/** The addresses of the emulators that the environment names, else Google's. */
export function addressesFrom(environment: Readonly<Record<string, string | undefined>>): GoogleAddresses {
  const bigquery = environment["BIGQUERY_EMULATOR_HOST"] || undefined
  const storage = environment["STORAGE_EMULATOR_HOST"] || undefined
  if (bigquery === undefined && storage === undefined) return GOOGLE
  return {
    bigquery: bigquery === undefined ? GOOGLE.bigquery : withScheme(bigquery),
    storage: storage === undefined ? GOOGLE.storage : withScheme(storage),
    projects: undefined,
  }
}

function withScheme(host: string): string {
  return /^\w+:\/\//.test(host) ? host : `http://${host}`
}

/** What a service answers: its HTTP status, its JSON, and what it holds against the request. */
export interface Reply {
  status: number
  body: unknown
  /** Google's code for an error, e.g. `accessNotConfigured`; empty where there is none. */
  reason: string
  message: string
}

/** Google's services, asked with the shop's credentials. */
export interface Google {
  addresses: GoogleAddresses
  /** As IAM names the account: `serviceAccount:…`, or words of a shell that give a person's. */
  member: string
  /** @throws whatever keeps the service from answering */
  ask(url: string, body?: object): Promise<Reply>
}

/**
 * Gets a token, which shows that the credentials are good.
 * @throws what Google's client throws where there are none, or bad ones
 */
export async function signIn(keyFile: string | undefined, addresses: GoogleAddresses): Promise<Google> {
  if (addresses.projects === undefined) return { addresses, member: A_PERSON, ask: askEmulator }
  const auth = googleClient({ keyFile }).authClient
  await auth.getRequestHeaders()
  // Of a person's login there is no address.
  const { client_email: email } = await auth.getCredentials().catch(() => ({ client_email: undefined }))
  return {
    addresses,
    member: email === undefined ? A_PERSON : `serviceAccount:${email}`,
    async ask(url, body) {
      const { status, data } = await auth.request<unknown>({
        url,
        ...(body === undefined ? {} : { method: "POST", data: body }),
        validateStatus: () => true,
        timeout: TIMEOUT_MS,
      })
      return replyOf(status, data)
    },
  }
}

const A_PERSON = '"user:$(gcloud config get-value account)"'
const TIMEOUT_MS = 30_000

async function askEmulator(url: string, body?: object): Promise<Reply> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body === undefined
      ? {}
      : { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  })
  const text = await response.text()
  return replyOf(response.status, text.startsWith("{") ? JSON.parse(text) : text)
}

function replyOf(status: number, body: unknown): Reply {
  const { error } = (typeof body === "object" && body !== null ? body : {}) as { error?: GoogleError }
  const detail = error?.details?.find(({ reason }) => reason !== undefined)
  return {
    status,
    body,
    reason: error?.errors?.[0]?.reason ?? detail?.reason ?? "",
    message: error?.message ?? (status >= 400 ? `HTTP ${status}` : ""),
  }
}

/** As in https://cloud.google.com/apis/design/errors and, with `errors`, of the older services. */
interface GoogleError {
  message?: string
  errors?: { reason?: string }[]
  details?: { reason?: string }[]
}

/** Whether the service's interface is not enabled in the project. */
export function isDisabled({ status, reason, message }: Reply): boolean {
  if (status !== 403) return false
  return (
    /^(accessNotConfigured|SERVICE_DISABLED)$/.test(reason) || /has not been used in project/.test(message)
  )
}
