import { randomUUID } from "node:crypto"
import { CartwrightError } from "../../core/errors.ts"
import type { Warehouse } from "../warehouse.ts"
import { type BigQuerySession, openSession } from "./bigquery-session.ts"
import type { Credentials } from "./client.ts"
import { ensureDataset } from "./datasets.ts"
import { Jobs } from "./jobs.ts"
import { load, type LoadRequest, type LoadResult, type StagingArea, withSource } from "./load.ts"
import { COLUMN_NAMES, jobId, labelValue, quoteIdentifier, quoteLiteral } from "./names.ts"
import { isMissing, problemOf } from "./problem.ts"
import { type Pacing, REAL_PACING, retrying } from "./retry.ts"

export interface BigQueryOptions {
  /** The project whose datasets are used, and which pays. */
  project: string
  /** Where jobs run and datasets are made, e.g. `EU` or `europe-west1`. */
  location: string
  /** The shop and the run: labels of every job, and part of the ids of jobs that are known by a key. */
  shop: string
  run: string
  /** Further labels of every job and dataset. */
  labels?: Readonly<Record<string, string>>
  /** @defaultValue what Google's libraries find by themselves (Application Default Credentials) */
  credentials?: Credentials
  /** What all queries together may be billed, in bytes; each is then estimated first. @defaultValue no cap */
  maxBytesBilled?: number
  /**
   * Opens a place in a bucket, in a location that fits, through which files of this machine are loaded. @defaultValue none: they go with
   * the job
   */
  staging?: () => Promise<StagingArea | undefined>
  /** Aborting it cancels the jobs that run; each throws `interrupted`. */
  signal?: AbortSignal
  /** Another address than Google's. */
  endpoint?: string
  pacing?: Pacing
}

export interface BigQueryWarehouse extends Warehouse {
  /** @param step whose jobs these are: a label, and part of the ids of jobs that are known by a key. One session a step at a time. */
  session(step?: string): Promise<BigQuerySession>
  /** Runs a load job, known by step and key as with `runOnce`. */
  load(step: string, key: string, request: LoadRequest): Promise<LoadResult>
  loadParquet: NonNullable<Warehouse["loadParquet"]>
  /** The names of a dataset's tables and views, a request per thousand and no job; undefined where there is no such dataset. */
  tables(dataset: string): Promise<string[] | undefined>
  /** The bytes that a query reads, by a dry run. */
  estimate(sql: string): Promise<number>
  /** The bytes that were billed so far; 0 where there is no cap. */
  billed(): number
}

/**
 * Opens a project on BigQuery. Nothing is asked of it yet: what is wrong there shows with the first job.
 * @throws CartwrightError `config` when the key file holds no key
 */
export async function openBigQuery(options: BigQueryOptions): Promise<BigQueryWarehouse> {
  const { project, location, shop, run, signal, maxBytesBilled, pacing = REAL_PACING } = options
  // The client takes longer to load than most commands take.
  const { makeClient, upload } = await import("./client.ts")
  const client = makeClient(options)
  const ours = { ...options.labels, application: "cartwright", shop: labelValue(shop) }
  const labels = { ...ours, run: labelValue(run) }
  const jobs = new Jobs(client, { project, location, labels, maxBytesBilled, signal, pacing })
  const open = new Set<BigQuerySession>()
  const steps = new Set<string>()
  const endings: Promise<unknown>[] = []
  const stepLabels = (step: string) => ({ step: labelValue(step) })
  const newId = () => `cartwright_${randomUUID()}`
  const sendWith = (job: object, content: () => NodeJS.ReadableStream) =>
    upload(client, project, job, content)
  const columnsOf = async (dataset: string, table: string) => {
    try {
      const stored = client.dataset(dataset).table(table)
      const [resource] = await retrying(() => stored.getMetadata(), pacing, signal)
      const { schema } = resource as TableResource
      return (schema?.fields ?? []).map(({ name }) => name)
    } catch (error) {
      if (isMissing(problemOf(error))) return undefined
      throw jobs.explained(error, `${dataset}.${table}`)
    }
  }
  return {
    dialect: "bigquery",
    catalog: project,
    transactionalDdl: false,
    quote: quoteIdentifier,
    literal: quoteLiteral,
    columnNames: COLUMN_NAMES,
    async session(step) {
      if (step !== undefined && steps.has(step)) throw busy(step)
      if (step !== undefined) steps.add(step)
      const session = openSession({
        jobs,
        idOf: step === undefined ? undefined : (key) => jobId([shop, run, step, key]),
        newId,
        columnsOf,
        labels: step === undefined ? {} : stepLabels(step),
        closed: (ending) => {
          open.delete(session)
          if (step !== undefined) steps.delete(step)
          endings.push(ending)
        },
      })
      open.add(session)
      return session
    },
    load: (step, key, request) =>
      load(jobs, request, {
        project,
        id: jobId([shop, run, step, key]),
        labels: stepLabels(step),
        sendWith,
      }),
    async loadParquet(dataset, table, { path, columns }) {
      const id = newId()
      await withSource(path, await options.staging?.(), `${id}.parquet`, (source) => {
        const request: LoadRequest = {
          dataset,
          table,
          source,
          format: { type: "parquet", columns },
          into: "replace",
        }
        return load(jobs, request, { project, id, labels: stepLabels("load"), sendWith })
      })
    },
    async ensureDataset(name) {
      try {
        return await ensureDataset(client, name, { location, labels: ours }, { pacing, signal })
      } catch (error) {
        throw jobs.explained(error, name)
      }
    },
    async tables(dataset) {
      try {
        const [tables] = await retrying(() => client.dataset(dataset).getTables(), pacing, signal)
        return tables.flatMap(({ id }) => id ?? [])
      } catch (error) {
        if (isMissing(problemOf(error))) return undefined
        throw jobs.explained(error, dataset)
      }
    },
    async estimate(sql) {
      const { statistics } = await jobs.estimate({ query: sql })
      return Number(statistics?.totalBytesProcessed ?? 0)
    },
    billed: () => jobs.budget?.billed ?? 0,
    async close() {
      for (const session of open) session.close()
      await Promise.all(endings)
    },
  }
}

/** A table as the interface describes it, as far as we read it. */
interface TableResource {
  schema?: { fields?: { name: string }[] }
}

function busy(step: string): CartwrightError {
  return new CartwrightError("unsupported", `the step ${step} has a session already`, {
    place: step,
    next: "Close that one first: a step's sessions would take one another for left behind.",
    state: "Nothing was changed.",
  })
}
