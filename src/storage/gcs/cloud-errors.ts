import { CartwrightError, messageOf, withoutSecrets } from "../../core/errors.ts"

/** What was being done, for the message and for the role that is needed. */
export type Doing = "listing" | "looking at" | "reading" | "writing" | "removing"

/** The HTTP status that the service answered; undefined where it did not answer. */
export function statusOf(cause: unknown): number | undefined {
  for (const value of [property(cause, "code"), property(cause, "status")]) {
    const status = Number(value)
    if (Number.isInteger(status) && status >= 100 && status < 600) return status
  }
  return undefined
}

/** Whether the same request may succeed a little later. */
export function isTransient(cause: unknown): boolean {
  const status = statusOf(cause)
  if (status !== undefined) return status === 408 || status === 429 || status >= 500
  const words = `${String(property(cause, "code"))} ${messageOf(cause)}`
  return /ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|PREMATURE_CLOSE|premature close|socket hang up|aborted|network/i.test(
    words,
  )
}

/** Turns what the client threw into what a person can act on. @param place as `gs://bucket/key` */
export function cloudError(doing: Doing, place: string, bucket: string, cause: unknown): CartwrightError {
  const words = wordsOf(cause)
  const { offence, next } = CASES.find(({ applies }) => applies(statusOf(cause), words, cause))?.tell(
    { doing, bucket },
    words,
  ) ?? { offence: `${doing} the object: ${firstLine(words)}`, next: undefined }
  const state =
    doing === "writing"
      ? "Nothing half-written counts: what was complete before is unchanged."
      : "Nothing was changed."
  return new CartwrightError("environment", offence, { place, next, state, cause: withoutSecrets(cause) })
}

interface Told {
  offence: string
  next: string
}

interface Case {
  applies: (status: number | undefined, words: string, cause: unknown) => boolean
  tell: (attempt: { doing: Doing; bucket: string }, words: string) => Told
}

const SIGN_IN =
  "`gcloud auth application-default login`, or name a service account's key file in the environment variable GOOGLE_APPLICATION_CREDENTIALS"

/** The first that applies tells. */
const CASES: readonly Case[] = [
  {
    applies: (status, words) =>
      /could not load the default credentials|anonymous caller|GOOGLE_APPLICATION_CREDENTIALS|is not a valid (?:json )?file|does not exist, or it is not a file/i.test(
        words,
      ) ||
      (status === undefined && /ENOENT.*\.json/.test(words)),
    tell: (_, words) => ({
      offence: `there are no credentials for Google Cloud here: ${firstLine(words)}`,
      next: `Sign in with ${SIGN_IN}; then run the command again.`,
    }),
  },
  {
    applies: (status, words) =>
      status === undefined && /DECODER routines|PEM routines|asn1|Unexpected (?:token|end)/i.test(words),
    tell: (_, words) => ({
      offence: `the key file for Google Cloud is damaged: ${firstLine(words)}`,
      next: "Make another with `gcloud iam service-accounts keys create KEY.json --iam-account=ACCOUNT`, and name it in the environment variable GOOGLE_APPLICATION_CREDENTIALS.",
    }),
  },
  {
    applies: (status, words) =>
      status === 401 ||
      /invalid_grant|invalid_rapt|reauth|invalid_client|token has been expired/i.test(words),
    tell: (_, words) => ({
      offence: `the credentials for Google Cloud have expired or were revoked: ${firstLine(words)}`,
      next: `Sign in again with ${SIGN_IN}; then run the command again.`,
    }),
  },
  {
    applies: (status, words) =>
      status === 403 && /has not been used in project|SERVICE_DISABLED|accessNotConfigured/.test(words),
    tell: (_, words) => ({
      offence: `the API of Google Cloud Storage is switched off in the project ${projectIn(words)}`,
      next: `Switch it on with \`gcloud services enable storage.googleapis.com --project=${projectIn(words)}\`, or choose the right project with \`gcloud auth application-default set-quota-project PROJECT\`.`,
    }),
  },
  {
    applies: (status, words) =>
      status === 403 && /billing account|accountDisabled|project to be billed/.test(words),
    tell: (_, words) => ({
      offence: `the project of the bucket has no active billing account: ${firstLine(words)}`,
      next: `Link one with \`gcloud billing projects link ${projectIn(words)} --billing-account=ACCOUNT\`, or name a bucket of another project.`,
    }),
  },
  {
    applies: (status, words) =>
      (status === 403 || status === 400) &&
      /USER_PROJECT_DENIED|UserProjectMissing|permission to use project|quota project|requester pays|serviceusage/i.test(
        words,
      ),
    tell: (_, words) => ({
      offence: `the credentials belong to a project that cannot be used here: ${firstLine(words)}`,
      next: "Choose the bucket's project with `gcloud auth application-default set-quota-project PROJECT`; `gcloud projects list` shows those that you may use.",
    }),
  },
  {
    applies: (status) => status === 403,
    tell: ({ doing, bucket }, words) => {
      const [, caller, permission] =
        /(\S+@\S+) does not have (?:permission )?(?:to )?([\w.]+\.[\w.]+)/.exec(words) ?? []
      const role =
        doing === "writing" || doing === "removing"
          ? "roles/storage.objectAdmin"
          : "roles/storage.objectViewer"
      const kind = caller === undefined || caller.endsWith("gserviceaccount.com") ? "serviceAccount" : "user"
      const member = `${kind}:${caller ?? "NAME@PROJECT.iam.gserviceaccount.com"}`
      return {
        offence: `${caller ?? "this account"} lacks the permission ${permission ?? `for ${doing}`} in the bucket ${bucket}`,
        next: `Grant it with \`gcloud storage buckets add-iam-policy-binding gs://${bucket} --member=${member} --role=${role}\`; then run the command again.`,
      }
    },
  },
  {
    applies: (status) => status === 404,
    tell: ({ bucket }) => ({
      offence: `there is no bucket ${bucket}`,
      next: `Correct its name in cartwright.yaml (\`gcloud storage ls\` shows the project's buckets), or make it with \`gcloud storage buckets create gs://${bucket} --location=LOCATION --uniform-bucket-level-access\`.`,
    }),
  },
  {
    applies: (_, __, cause) => isTransient(cause),
    tell: ({ doing }, words) => ({
      offence: `Google Cloud Storage does not answer while ${doing} ${doing === "listing" ? "objects" : "the object"}: ${firstLine(words)}`,
      next: "Check the network and https://status.cloud.google.com, then run the command again; it goes on where this one stopped.",
    }),
  },
]

/** All that the answer says, on lines of their own: messages and reasons, as they come from each of the client's ways. */
function wordsOf(cause: unknown): string {
  const errors = property(cause, "errors")
  const details = Array.isArray(errors)
    ? errors.flatMap((each: unknown) => [property(each, "message"), property(each, "reason")])
    : []
  const data = property(property(cause, "response"), "data")
  const answer = typeof data === "string" ? data : data === undefined ? "" : JSON.stringify(data)
  const texts = [messageOf(cause), ...details, answer].filter(
    (each) => typeof each === "string" && each !== "",
  )
  return [...new Set(texts)].join("\n")
}

function firstLine(words: string): string {
  return (words.split("\n").find((line) => line.trim() !== "") ?? "no reason given").trim().replace(/\.$/, "")
}

function projectIn(words: string): string {
  return /(?:(?:in|use) project |projects?[/=])([\w-]+)/.exec(words)?.[1] ?? "PROJECT"
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
