import { failureOf, type Backend } from '../api/backend'
import type { Job, Task } from '../api/types'
import type { Notices } from './notices.svelte'

/** Reports whether a task waits for a password. */
export function isLocked(task: Task): boolean {
  return task.state === 'failed' && task.error?.code === 'encrypted'
}

/** Unlock opens locked documents. It keeps no password. */
export class Unlock {
  #backend: Backend
  #notices: Notices
  #show: (job: Job) => void
  #busy = $state<number>()
  #wrong = $state<number>()

  /** show shows the job in which a document is read. */
  constructor(backend: Backend, notices: Notices, show: (job: Job) => void) {
    this.#backend = backend
    this.#notices = notices
    this.#show = show
  }

  /** Whether a password is being tried on a task. */
  isTrying(task: Task): boolean {
    return this.#busy === task.id
  }

  /** Whether the password that was tried last was a wrong one for this task. */
  isWrong(task: Task): boolean {
    return this.#wrong === task.id
  }

  /** Tries a password, and reports whether it is the right one. One is tried at a time. */
  async submit(task: Task, password: string): Promise<boolean> {
    if (this.#busy !== undefined || password === '') return false
    this.#busy = task.id
    this.#wrong = undefined
    try {
      this.#show(await this.#backend.unlock(task.id, password))
      return true
    } catch (reason) {
      if (failureOf(reason).code === 'encrypted') this.#wrong = task.id
      else this.#notices.fail(reason)
      return false
    } finally {
      this.#busy = undefined
    }
  }
}
