import type { Backend } from '../api/backend'
import type { Job, Scope, Task } from '../api/types'
import type { Step } from './adding.svelte'
import { retriedStates, type Choice, type ChoiceOfAll, type JobChoice } from './choices'
import type { Notices, Words } from './notices.svelte'

const stopped: Words = (t) => t.notice.stopped
const removed: Words = (t) => t.notice.removed

/** What is about to be removed, once the person has confirmed it. */
export interface Removal {
  scope: Scope
  name: string
  tasks: number
}

/** What is done elsewhere. */
export interface Ways {
  /** Reads what is in a scope once more. */
  again: (scope: Scope) => Promise<void>
  /** Asks how a step is to be done with what was read of a job. */
  add: (step: Step, job: Job) => void
}

/**
 * Steering does what a person chooses for a task, a job, or everything. What comes of it
 * arrives with the change feed. Removing asks first, because nothing brings it back.
 */
export class Steering {
  #backend: Backend
  #notices: Notices
  #ways: Ways
  #removal = $state.raw<Removal>()

  constructor(backend: Backend, notices: Notices, ways: Ways) {
    this.#backend = backend
    this.#notices = notices
    this.#ways = ways
  }

  /** What waits for the person's word. */
  get removal(): Removal | undefined {
    return this.#removal
  }

  task(choice: Choice, task: Task): Promise<void> {
    const scope = { job: task.job, task: task.id }
    return this.#choose(choice, { scope, name: task.name, tasks: 1 })
  }

  async job(choice: JobChoice, job: Job): Promise<void> {
    if (choice === 'translate' || choice === 'label') this.#ways.add(choice, job)
    else {
      const scope = { job: job.id, task: 0 }
      await this.#choose(choice, { scope, name: job.title, tasks: job.tasks })
    }
  }

  all(choice: ChoiceOfAll): Promise<void> {
    return this.#act(choice, { job: 0, task: 0 })
  }

  /** Removes what was to be removed. */
  async confirm(): Promise<void> {
    const removal = this.#removal
    if (!removal) return
    this.#removal = undefined
    await this.#try(async () => {
      await this.#backend.remove(removal.scope)
      this.#notices.tell(removed)
    })
  }

  /** Leaves everything as it is. */
  decline(): void {
    this.#removal = undefined
  }

  async #choose(choice: Choice, what: Removal): Promise<void> {
    if (choice === 'remove') this.#removal = what
    else if (choice === 'again') await this.#try(() => this.#ways.again(what.scope))
    else await this.#act(choice, what.scope)
  }

  #act(choice: ChoiceOfAll, scope: Scope): Promise<void> {
    return this.#try(async () => {
      switch (choice) {
        case 'pause':
          return this.#backend.pause(scope)
        case 'resume':
          return this.#backend.resume(scope)
        case 'retry':
        case 'retryStopped':
          return this.#backend.retry(scope, retriedStates[choice])
        case 'stop':
          await this.#backend.cancel(scope)
          this.#notices.tell(stopped)
      }
    })
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (reason) {
      this.#notices.fail(reason)
    }
  }
}
