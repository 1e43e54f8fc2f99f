import type { Backend } from '../api/backend'
import type { Job } from '../api/types'
import { choicesOfAll, type ChoiceOfAll } from './choices'

/** How many jobs one answer of the backend holds at most (desktop.Jobs). */
export const jobsPerAnswer = 200

/** How many tasks of a job will not change by themselves any more. */
export function ended(job: Job): number {
  return job.done + job.failed + job.cancelled
}

/** Jobs is the history, newest first, as far back as the person has looked. */
export class Jobs {
  #backend: Backend
  #list = $state.raw<Job[]>([])
  #hasEarlier = $state(false)
  #loading = $state(false)
  #isBusy = $derived(this.#list.some((job) => job.running > 0 || (job.queued > 0 && !job.paused)))
  #choices = $derived(choicesOfAll(this.#list, this.#hasEarlier))
  #gone = new Set<number>() // removed: an answer that is on its way may still hold them

  constructor(backend: Backend) {
    this.#backend = backend
  }

  get list(): readonly Job[] {
    return this.#list
  }

  /** Whether older jobs may be had from loadEarlier. */
  get hasEarlier(): boolean {
    return this.#hasEarlier
  }

  get loading(): boolean {
    return this.#loading
  }

  /** Whether anything is being worked on, or about to be. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** What can be done to all jobs at once. */
  get choices(): ChoiceOfAll[] {
    return this.#choices
  }

  find(id: number | undefined): Job | undefined {
    return this.#list.find((job) => job.id === id)
  }

  /**
   * Starts again from the newest jobs. Older ones that were on view are asked for again,
   * because changes to them may have been missed as well.
   */
  async reset(newest: Job[]): Promise<void> {
    const depth = this.#list.length
    this.#set(newest)
    this.#hasEarlier = newest.length >= jobsPerAnswer
    while (this.#hasEarlier && !this.#loading && this.#list.length < depth) {
      await this.loadEarlier()
    }
  }

  /** Takes the latest state of jobs, new ones included. */
  apply(changed: readonly Job[]): void {
    if (changed.length === 0) return
    const oldest = this.#list.at(-1)?.id ?? 0
    const latest = new Map(this.#list.map((job) => [job.id, job]))
    for (const job of changed) {
      // A job older than what is on view would leave a hole in the history.
      if (latest.has(job.id) || job.id > oldest || !this.#hasEarlier) latest.set(job.id, job)
    }
    this.#set([...latest.values()].sort((a, b) => b.id - a.id))
  }

  /** Forgets jobs that have been removed. */
  drop(gone: readonly number[]): void {
    if (gone.length === 0) return
    for (const id of gone) this.#gone.add(id)
    this.#set(this.#list)
  }

  /** Takes a job that was just added, unless the feed has told newer things of it already. */
  added(job: Job): void {
    if (!this.find(job.id)) this.apply([job])
  }

  /** Loads the next older part of the history. */
  async loadEarlier(): Promise<void> {
    const before = this.#list.at(-1)?.id
    if (this.#loading || before === undefined) return
    this.#loading = true
    try {
      const older = await this.#backend.earlier(before)
      if (this.#list.at(-1)?.id !== before) return // the history started again meanwhile
      this.#hasEarlier = older.length >= jobsPerAnswer
      this.#set([...this.#list, ...older.filter((job) => job.id < before)])
    } catch (reason) {
      this.#hasEarlier = false
      throw reason
    } finally {
      this.#loading = false
    }
  }

  #set(list: readonly Job[]): void {
    this.#list = list.filter((job) => !this.#gone.has(job.id))
  }
}
