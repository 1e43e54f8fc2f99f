import { failureOf, type Backend } from '../api/backend'
import type { Failure, LogEntry, Task } from '../api/types'

/** TaskLog is what happened to the task on view, fetched while it is shown. */
export class TaskLog {
  #backend: Backend
  #task: Task | undefined
  #isShown = $state(false)
  #entries = $state.raw<LogEntry[]>()
  #problem = $state.raw<Failure>()
  #fetch = 0 // number of the newest fetch; answers to older ones are dropped

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** Whether the log is shown in place of the result. */
  get isShown(): boolean {
    return this.#isShown
  }

  /** Oldest first; undefined until they have been fetched. */
  get entries(): readonly LogEntry[] | undefined {
    return this.#entries
  }

  /** Why the log could not be fetched. */
  get problem(): Failure | undefined {
    return this.#problem
  }

  /** Shows the log, or the result again. */
  async show(isShown: boolean): Promise<void> {
    this.#isShown = isShown
    await this.#load()
  }

  /** Takes another task, or the latest state of the same one. */
  async follow(task: Task | undefined): Promise<void> {
    if (task?.id !== this.#task?.id) this.#entries = undefined
    this.#task = task
    await this.#load()
  }

  async #load(): Promise<void> {
    const fetch = ++this.#fetch
    this.#problem = undefined
    if (!this.#task || !this.#isShown) return
    try {
      const entries = await this.#backend.log(this.#task.id)
      if (fetch === this.#fetch) this.#entries = entries
    } catch (reason) {
      if (fetch === this.#fetch) this.#problem = failureOf(reason)
    }
  }
}
