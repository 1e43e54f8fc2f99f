import type { Backend } from '../api/backend'
import type { Progress, Task, TaskChange } from '../api/types'
import { hasFailed } from './choices'

/** How many tasks one answer of the backend holds at most (desktop.Jobs). */
export const tasksPerAnswer = 1000

/** Which tasks are on view. */
export type Filter = 'all' | 'done' | 'failed'

/** Tasks holds the tasks of one job, by index, and which of them are on view. */
export class Tasks {
  #backend: Backend
  #job = $state<number>()
  #list = $state.raw<Task[]>([])
  #filter = $state<Filter>('all')
  #loading = $state(false)
  #shown = $derived(this.#list.filter((task) => matches(task, this.#filter)))
  #hasHeld = $derived(this.#list.some((task) => task.held))
  // Changes to tasks that are on their way from the backend, maybe in an older state.
  #early = new Map<number, TaskChange>()
  #newest = 0 // number of the newest load; older ones give up
  #loaded: Promise<void> = Promise.resolve()

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** The job whose tasks these are. */
  get job(): number | undefined {
    return this.#job
  }

  /** Every task that has been loaded, by index. */
  get list(): readonly Task[] {
    return this.#list
  }

  /** The tasks that match the filter, by index. */
  get shown(): readonly Task[] {
    return this.#shown
  }

  /** Whether some are paused by themselves. */
  get hasHeld(): boolean {
    return this.#hasHeld
  }

  get filter(): Filter {
    return this.#filter
  }

  set filter(filter: Filter) {
    this.#filter = filter
  }

  get loading(): boolean {
    return this.#loading
  }

  /** Settles when all tasks of the job have been loaded. */
  get loaded(): Promise<void> {
    return this.#loaded
  }

  find(id: number | undefined): Task | undefined {
    return this.#list.find((task) => task.id === id)
  }

  /** Shows the tasks of another job, or of none. */
  open(job: number | undefined): Promise<void> {
    this.#job = job
    this.#list = []
    this.#filter = 'all'
    return this.reload()
  }

  /** Loads all tasks again; those on view stay until the new ones are there. */
  reload(): Promise<void> {
    this.#early.clear()
    this.#newest++
    this.#loading = false
    this.#loaded = this.#job === undefined ? Promise.resolve() : this.#load(this.#job)
    return this.#loaded
  }

  /** Takes the latest states of tasks; those of other jobs are ignored. */
  apply(changes: readonly TaskChange[]): void {
    const latest = new Map<number, TaskChange>()
    for (const change of changes) {
      if (change.job === this.#job) latest.set(change.id, change)
    }
    if (latest.size === 0) return
    if (this.#loading) for (const [id, change] of latest) this.#early.set(id, change)
    this.#list = this.#list.map((task) => changed(task, latest.get(task.id)))
  }

  async #load(job: number): Promise<void> {
    const load = ++this.#newest
    this.#loading = true
    const fresh: Task[] = []
    try {
      for (let full = true; full;) {
        const part = await this.#backend.tasks(job, fresh.length, tasksPerAnswer)
        if (load !== this.#newest) return
        fresh.push(...part)
        full = part.length >= tasksPerAnswer
        if (fresh.length > this.#list.length || !full) this.#take(fresh)
      }
    } catch (reason) {
      if (load === this.#newest) throw reason // else nobody waits for it any more
    } finally {
      if (load === this.#newest) this.#loading = false
    }
  }

  #take(fresh: readonly Task[]): void {
    this.#list = fresh.map((task) => changed(task, this.#early.get(task.id)))
  }
}

function changed(task: Task, change: TaskChange | undefined): Task {
  if (!change) return task
  const { kind, error, state, held, attempt, progress } = change
  const next: Task = { ...task, state, attempt }
  delete next.error
  delete next.held
  delete next.progress
  if (held) next.held = held
  if (error) next.error = error
  if (progress) next.progress = furthest(progress, task.progress)
  if (kind) next.kind = kind
  return next
}

// Within an attempt it only grows, whatever the order in which it is told.
function furthest(now: Progress, before: Progress | undefined): Progress {
  return before?.total === now.total && before.done > now.done ? before : now
}

function matches(task: Task, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'done':
      return task.state === 'done'
    case 'failed':
      return hasFailed(task.state)
  }
}
