import { failureOf, type Backend } from '../api/backend'
import type { Failure, Job, Steps } from '../api/types'

/** A step that can be done with what was read. */
export type Step = 'translate' | 'label'

/** What a person is about to have done with a job. */
export interface Added {
  step: Step
  job: Job
}

/** Adding has more done with a job that has been read, once the person has said what. */
export class Adding {
  #backend: Backend
  #asked = $state.raw<Added>()
  #problem = $state.raw<Failure>()
  #isBusy = $state(false)

  constructor(backend: Backend) {
    this.#backend = backend
  }

  /** What waits for the person's word. */
  get asked(): Added | undefined {
    return this.#asked
  }

  /** Why it could not be done. */
  get problem(): Failure | undefined {
    return this.#problem
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  begin(step: Step, job: Job): void {
    this.#asked = { step, job }
    this.#problem = undefined
  }

  cancel(): void {
    this.#asked = undefined
  }

  /** Has it done, and reports whether Go takes it. */
  async submit(steps: Steps): Promise<boolean> {
    const asked = this.#asked
    if (!asked || this.#isBusy) return false
    this.#isBusy = true
    this.#problem = undefined
    try {
      await this.#backend.addSteps(asked.job.id, steps)
      return true
    } catch (reason) {
      this.#problem = failureOf(reason)
      return false
    } finally {
      this.#isBusy = false
    }
  }
}
