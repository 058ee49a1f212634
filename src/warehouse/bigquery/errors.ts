import { CartwrightError, type ErrorCode, type ErrorDetails, withoutSecrets } from "../../core/errors.ts"
import { isTransient, JobFailure, type Problem, problemOf } from "./problem.ts"

/** Where something went wrong: what an error may name. */
export interface Circumstances {
  project: string
  location: string
  /** A job's id, a dataset, a table. */
  place: string
  /** What state the data is in. @defaultValue nothing was changed */
  state?: string
}

/** The role that has a permission, by the permission's beginning; the least one that our work needs. */
const ROLES: readonly [permission: RegExp, role: string][] = [
  [/^bigquery\.(jobs|readsessions)\./, "roles/bigquery.jobUser"],
  [/^bigquery\.(tables\.getData|tables\.get|tables\.list|datasets\.get)$/, "roles/bigquery.dataViewer"],
  [/^bigquery\./, "roles/bigquery.dataEditor"],
  [/^storage\.objects\.(get|list)$/, "roles/storage.objectViewer"],
  [/^storage\./, "roles/storage.objectAdmin"],
  [/^serviceusage\./, "roles/serviceusage.serviceUsageConsumer"],
]

/** How one kind of problem is told. */
interface Kind {
  is: (problem: Problem) => boolean
  code: ErrorCode
  tell: (problem: Problem, circumstances: Circumstances) => { offence: string } & ErrorDetails
}

const LOGIN = "gcloud auth application-default login"

/** The kinds of problems; the first that fits is told. */
const KINDS: readonly Kind[] = [
  {
    is: ({ reason, message }) =>
      reason === "accessNotConfigured" || /has not been used in project|api.+is disabled/i.test(message),
    code: "environment",
    tell: (_, { project }) => ({
      offence: `the BigQuery API is not enabled in the project ${project}`,
      next: `Run: gcloud services enable bigquery.googleapis.com --project ${project}`,
    }),
  },
  {
    is: ({ reason }) => reason === "billingNotEnabled",
    code: "environment",
    tell: (_, { project }) => ({
      offence: `billing is not enabled for the project ${project}, and without it BigQuery does not change tables`,
      next: `Run: gcloud billing projects link ${project} --billing-account=<account>`,
    }),
  },
  {
    is: ({ status, reason, message }) =>
      status === 401 ||
      reason === "authError" ||
      /invalid_grant|Could not load the default credentials|invalid authentication credentials|token.+expired/i.test(
        message,
      ),
    code: "environment",
    tell: ({ message }) => ({
      offence: `Google does not accept the credentials: ${firstSentence(message)}`,
      next: `A token expires after an hour. Sign in again (${LOGIN}), or name a service account's key.`,
    }),
  },
  {
    is: ({ message }) => /was not found in location|not found in location/i.test(message),
    code: "config",
    tell: ({ message }, { location }) => ({
      offence: `${notFound(message)} does not exist in the location ${location}`,
      next: `If it is in another one (bq show --format=prettyjson <dataset>), state that location: a dataset cannot be moved. Else check the name.`,
    }),
  },
  {
    is: ({ reason, message }) =>
      /cannot read (and write )?in different locations|must be in the same (region|location)/i.test(
        message,
      ) || reason === "locationMismatch",
    code: "config",
    tell: ({ message }) => ({
      offence: `bucket and dataset are in locations that do not go together: ${firstSentence(message)}`,
      next: "Use a bucket in the dataset's location, or make the dataset in the bucket's. Neither can be moved.",
    }),
  },
  {
    is: ({ status, reason }) => reason === "notFound" || status === 404,
    code: "environment",
    tell: ({ message }) => ({
      offence: `${notFound(message)} does not exist`,
      next: "Check project, dataset and name; a dataset is made by the step that fills it.",
    }),
  },
  {
    is: ({ reason, message }) =>
      reason === "bytesBilledLimitExceeded" || /limit for bytes billed/i.test(message),
    code: "config",
    tell: ({ message }) => ({
      offence: `the query would be billed more than it may: ${firstSentence(message)}`,
      next: "Raise the cap if the cost is meant to be, or let the query read fewer columns or partitions.",
      state: "The query did not run and costs nothing.",
    }),
  },
  {
    is: ({ reason, message }) => reason === "quotaExceeded" || /quota exceeded/i.test(message),
    code: "environment",
    tell: ({ message }, { project }) => ({
      offence: `a quota of the project ${project} is used up: ${firstSentence(message)}`,
      next: "Wait until it is renewed (daily ones at midnight, Pacific time), or ask for a higher one: https://console.cloud.google.com/iam-admin/quotas",
    }),
  },
  {
    is: ({ reason }) => reason === "rateLimitExceeded" || reason === "jobRateLimitExceeded",
    code: "environment",
    tell: ({ message }) => ({
      offence: `BigQuery is asked too much at a time, also after waiting: ${firstSentence(message)}`,
      next: "Run it again later, with fewer threads.",
    }),
  },
  {
    is: ({ status, reason }) => reason === "accessDenied" || status === 403,
    code: "environment",
    tell: ({ message }, { project }) => {
      const permission = /\b((?:bigquery|storage|serviceusage)\.\w+\.\w+)\b/.exec(message)?.[1]
      const role = ROLES.find(([pattern]) => pattern.test(permission ?? ""))?.[1]
      const grant = `gcloud projects add-iam-policy-binding ${project} --member=<user:… or serviceAccount:…> --role=`
      return {
        offence:
          permission === undefined
            ? `access denied: ${firstSentence(message)}`
            : `the permission ${permission} is missing`,
        next:
          role === undefined
            ? "Ask who administers the project for roles/bigquery.jobUser on it and roles/bigquery.dataEditor on its datasets."
            : `It is part of ${role}. Run: ${grant}${role}`,
      }
    },
  },
  {
    is: ({ message }) => /due to concurrent update/i.test(message),
    code: "environment",
    tell: ({ message }) => ({
      offence: `somebody else changes the same table: ${firstSentence(message)}`,
      next: "Run the command again when that has ended. A transaction left by a killed run ends with the next attempt of its step, or after a day.",
    }),
  },
  {
    is: ({ reason }) => reason === "invalidQuery",
    code: "transform",
    tell: ({ message }, { place }) => {
      const at = / at \[(\d+):(\d+)\]/.exec(message)
      return {
        offence: `BigQuery does not accept the query: ${firstSentence(message.replace(/ at \[\d+:\d+\]/, ""))}`,
        place: at === null ? place : `line ${at[1]}, column ${at[2]} of the statement (${place})`,
        next: "Correct the statement at that place.",
      }
    },
  },
  {
    is: ({ reason }) => reason === "duplicate",
    code: "environment",
    tell: ({ message }) => ({
      offence: firstSentence(message),
      next: "Take another name, or remove what has it.",
    }),
  },
  {
    is: ({ reason }) => reason === "resourcesExceeded" || reason === "responseTooLarge",
    code: "environment",
    tell: ({ message }) => ({
      offence: `the query is too large for BigQuery: ${firstSentence(message)}`,
      next: "Split it into smaller ones.",
    }),
  },
  {
    is: ({ reason }) => reason === "stopped",
    code: "interrupted",
    tell: () => ({ offence: "the job was cancelled", next: "Run the command again." }),
  },
  {
    is: isTransient,
    code: "environment",
    tell: ({ message }) => ({
      offence: `BigQuery does not answer as it should, also after waiting: ${firstSentence(message)}`,
      next: "Check the network and https://status.cloud.google.com, and run the command again; what was done is not done twice.",
    }),
  },
]

/** Tells what BigQuery holds against us; what is an error of ours already stays it, and what is neither is passed on. */
export function explain(thrown: unknown, circumstances: Circumstances): unknown {
  if (thrown instanceof CartwrightError) return thrown
  const problem = problemOf(thrown)
  const kind = KINDS.find(({ is }) => is(problem))
  const { place, state = "Nothing was changed." } = circumstances
  if (kind !== undefined) {
    const { offence, ...told } = kind.tell(problem, circumstances)
    return new CartwrightError(kind.code, offence, { place, state, ...told, cause: causeOf(thrown) })
  }
  if (!isAnswer(thrown)) return thrown
  return new CartwrightError("environment", `BigQuery refuses: ${firstSentence(problem.message)}`, {
    place,
    next: `Its error code is ${problem.reason === "" ? problem.status : problem.reason}; see https://cloud.google.com/bigquery/docs/error-messages`,
    state,
    cause: causeOf(thrown),
  })
}

/** Whether a server said it, BigQuery's or the one that gives tokens. */
function isAnswer(thrown: unknown): boolean {
  if (thrown instanceof JobFailure || problemOf(thrown).status !== undefined) return true
  return typeof thrown === "object" && thrown !== null && "response" in thrown
}

/** What is kept of what was thrown: a job's own failure whole. */
export function causeOf(thrown: unknown): unknown {
  return thrown instanceof JobFailure ? thrown : withoutSecrets(thrown)
}

/** "Not found: Table p:d.t was not found in location EU" → "the table p.d.t". */
function notFound(message: string): string {
  const what = /Not found: (\w+) ([^\s;,]+)/i.exec(message)
  if (what === null) return firstSentence(message)
  const [, kind = "", name = ""] = what
  return `the ${kind.toLowerCase()} ${name.replace(":", ".")}`
}

function firstSentence(message: string): string {
  const line = message.trim().split("\n")[0] ?? ""
  return line.replace(/\.$/, "")
}
