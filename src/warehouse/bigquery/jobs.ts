import type { BigQuery, Job } from "@google-cloud/bigquery"
import { CartwrightError } from "../../core/errors.ts"
import { billedAtMost, Budget, type Grant } from "./budget.ts"
import { causeOf, explain } from "./errors.ts"
import {
  type FinishedJob,
  type JobRequest,
  type JobResource,
  type Page,
  type QueryConfiguration,
  sent,
  throwFailure,
  throwUnlessStarted,
} from "./job.ts"
import { isMissing, isTransient, jobIsThere, JobFailure, problemOf } from "./problem.ts"
import { ATTEMPTS, backoff, type Pacing, retrying } from "./retry.ts"

export interface JobsOptions {
  project: string
  location: string
  labels: Record<string, string>
  /** What all queries may be billed together. */
  maxBytesBilled: number | undefined
  signal: AbortSignal | undefined
  pacing: Pacing
}

/** Rows of one page of results, of which the service makes less where they are wide. */
const PAGE = 50_000

/** Sends jobs and waits for them: under their ids, with labels, within the budget, again where that may help, cancelled on request. */
export class Jobs {
  readonly budget: Budget | undefined
  readonly #client: BigQuery
  readonly #options: JobsOptions

  constructor(client: BigQuery, options: JobsOptions) {
    this.#client = client
    this.#options = options
    if (options.maxBytesBilled !== undefined) this.budget = new Budget(options.maxBytesBilled)
  }

  /**
   * Runs a job to its end. Where a job of this id is there, it is taken over, whoever started it; where that one failed, a further one
   * is tried under the next id.
   */
  async run(request: JobRequest): Promise<FinishedJob> {
    const { signal, pacing } = this.#options
    try {
      for (let attempt = 0, failed = 0; ; attempt++) {
        if (request.always !== true) this.#throwIfStopped()
        const id = attempt === 0 ? request.id : `${request.id}_${attempt}`
        const { takenOver, failure, first } = await this.#attempt(id, request)
        if (failure === undefined) return { id, takenOver, first }
        if (!request.again) throw failure
        if (takenOver) continue
        if (!isTransient(failure.problem) || ++failed >= ATTEMPTS) throw failure
        await pacing.pause(backoff(failed - 1, pacing.random()), signal)
      }
    } catch (error) {
      throw this.explained(error, request.id)
    }
  }

  /** What a query would read, by a dry run, which costs nothing. */
  async estimate(query: QueryConfiguration): Promise<JobResource> {
    const { labels, location } = this.#options
    const configuration = { dryRun: true, query: sent(query), labels }
    try {
      const [, resource] = await this.#retrying(() => this.#client.createJob({ configuration, location }))
      return resource
    } catch (error) {
      throw this.explained(error, "the estimate of a query")
    }
  }

  /** All pages of a query's results. */
  async *pages({ id, first }: FinishedJob): AsyncGenerator<Page> {
    let page = first
    yield page
    while (page.pageToken !== undefined) {
      const token = page.pageToken
      page = await this.#told(id, () => this.#page(id, token))
      yield page
    }
  }

  /** The job as it is now. */
  resource(id: string): Promise<JobResource> {
    return this.#told(id, async () => (await this.#job(id).getMetadata())[0] as JobResource)
  }

  /** The last statement of a script: each is a job of its own. */
  lastOfScript(id: string): Promise<JobResource | undefined> {
    const options = { parentJobId: id, maxResults: 1, autoPaginate: false }
    return this.#told(id, async () => (await this.#client.getJobs(options))[0][0]?.metadata as JobResource)
  }

  /** An error as it is told: that we were asked to stop, or what BigQuery holds against us. */
  explained(error: unknown, place: string): unknown {
    const { project, location, signal } = this.#options
    if (signal?.aborted === true) return stoppedOnRequest(error)
    return explain(error, { project, location, place })
  }

  async #attempt(id: string, request: JobRequest): Promise<Attempt> {
    const { configuration } = request
    const grant = "query" in configuration ? await this.#grant(id, configuration.query) : undefined
    let takenOver = false
    try {
      takenOver = await this.#send(id, request, grant)
      const ended = "query" in configuration ? this.#results(id, request) : this.#loaded(id)
      return { takenOver, first: await (request.always === true ? ended : this.#unlessStopped(id, ended)) }
    } catch (error) {
      if (error instanceof JobFailure) return { takenOver, first: {}, failure: error }
      throw error
    } finally {
      if (grant !== undefined) grant.settle(await this.#billed(id, grant))
    }
  }

  /** @returns whether the job was there already */
  async #send(id: string, request: JobRequest, grant: Grant | undefined): Promise<boolean> {
    const { project, location, labels } = this.#options
    const { configuration: asked } = request
    const capped = grant === undefined ? {} : { maximumBytesBilled: String(grant.bytes) }
    const configuration = {
      ...("query" in asked ? { query: { ...sent(asked.query), ...capped } } : asked),
      labels: { ...labels, ...request.labels },
    }
    const body = { jobReference: { projectId: project, jobId: id, location }, configuration }
    const send = request.send ?? (() => this.#client.createJob({ jobId: id, location, configuration }))
    try {
      await this.#retrying(() => send(body).catch(throwUnlessStarted), request.always)
      return false
    } catch (error) {
      if (!(error instanceof JobFailure) && jobIsThere(problemOf(error))) return true
      throw error
    }
  }

  async #results(id: string, { always }: JobRequest): Promise<Page> {
    for (;;) {
      const page = await this.#retrying(() => this.#page(id), always)
      if (page.jobComplete !== false) return page
      if (always !== true) this.#throwIfStopped()
    }
  }

  async #page(id: string, pageToken?: string): Promise<Page> {
    const paging = pageToken === undefined ? {} : { pageToken }
    try {
      const answer = await this.#job(id).getQueryResults({
        autoPaginate: false,
        skipParsing: true,
        maxResults: PAGE,
        ...paging,
      })
      return (answer as unknown as [unknown, unknown, Page])[2]
    } catch (error) {
      // Its answer does not tell whether the job failed or only the question.
      const resource = await this.#job(id)
        .getMetadata()
        .then(([found]) => found as JobResource)
        .catch(() => undefined)
      throwFailure(resource)
      throw error
    }
  }

  async #loaded(id: string): Promise<Page> {
    const { pacing, signal } = this.#options
    for (let look = 0; ; look++) {
      const [found] = await this.#retrying(() => this.#job(id).getMetadata())
      const resource = found as JobResource
      throwFailure(resource)
      if (resource.status?.state === "DONE") return {}
      await pacing.pause(backoff(Math.min(look, 3), pacing.random()) / 2, signal)
    }
  }

  /** Lets a job in, where there is a cap. */
  async #grant(id: string, query: QueryConfiguration): Promise<Grant | undefined> {
    if (this.budget === undefined || CONTROL.test(query.query)) return undefined
    const { statistics } = await this.estimate(query)
    const { totalBytesProcessedAccuracy: accuracy, referencedTables = [] } = statistics?.query ?? {}
    const known = accuracy === undefined || accuracy === "PRECISE" || accuracy === "UPPER_BOUND"
    const bytes = Number(statistics?.totalBytesProcessed ?? 0)
    return this.budget.grant(known ? billedAtMost(bytes, referencedTables.length) : undefined, id)
  }

  /** What a job was billed; where that cannot be found out, all that it might have been. */
  async #billed(id: string, grant: Grant): Promise<number> {
    try {
      const { statistics } = await this.resource(id)
      return Number(statistics?.query?.totalBytesBilled ?? 0)
    } catch (error) {
      const { cause } = error as { cause?: unknown }
      return isMissing(problemOf(cause ?? error)) ? 0 : grant.bytes
    }
  }

  /** Cancels the job as soon as we are asked to stop. */
  async #unlessStopped<T>(id: string, work: Promise<T>): Promise<T> {
    const { signal } = this.#options
    if (signal === undefined) return work
    let stop = () => {}
    let cancelled: Promise<unknown> = Promise.resolve()
    const stopped = new Promise<never>((_, reject) => {
      stop = () => {
        cancelled = this.#job(id)
          .cancel()
          .catch(() => undefined)
        void cancelled.then(() => reject(stoppedOnRequest()))
      }
    })
    signal.addEventListener("abort", stop, { once: true })
    if (signal.aborted) stop()
    try {
      return await Promise.race([work, stopped])
    } finally {
      signal.removeEventListener("abort", stop)
      await cancelled
    }
  }

  #job(id: string): Job {
    return this.#client.job(id, { location: this.#options.location })
  }

  async #told<T>(id: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#retrying(work)
    } catch (error) {
      throw this.explained(error, id)
    }
  }

  #retrying<T>(work: () => Promise<T>, always = false): Promise<T> {
    const { pacing, signal } = this.#options
    return retrying(work, pacing, always ? undefined : signal)
  }

  #throwIfStopped(): void {
    if (this.#options.signal?.aborted === true) throw stoppedOnRequest()
  }
}

interface Attempt {
  takenOver: boolean
  first: Page
  failure?: JobFailure
}

/** Statements that read nothing, and cannot be estimated alone. */
const CONTROL = /^\s*(begin|commit|rollback|call\s+bq\.)\b/i

function stoppedOnRequest(cause?: unknown): CartwrightError {
  if (cause instanceof CartwrightError && cause.code === "interrupted") return cause
  return new CartwrightError("interrupted", "stopped on request", {
    state: "Jobs that ran were cancelled; what they had done is undone.",
    ...(cause === undefined ? {} : { cause: causeOf(cause) }),
  })
}
