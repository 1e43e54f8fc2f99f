import type { Backend } from '../api/backend'
import type { Engine } from '../api/types'
import type { Notices, Words } from './notices.svelte'

/** How often the engine is asked what it takes, in ms: a person can follow that. */
export const askEveryMs = 2000

const restarted: Words = (t) => t.notice.restarted

/** EngineWatch knows what the engine takes of the machine, while somebody wants to know. */
export class EngineWatch {
  /** Whether the details are on view. */
  isOpen = $state(false)

  #backend: Backend
  #notices: Notices
  #page: Document
  #usage = $state.raw<Engine>()
  #restarts: number | undefined // as told last
  #asking = false
  #watching = false

  /** page says whether anybody can see the window. */
  constructor(backend: Backend, notices: Notices, page: Document = document) {
    this.#backend = backend
    this.#notices = notices
    this.#page = page
  }

  /** What it takes now; nothing while nobody watches, because it would be out of date. */
  get usage(): Engine | undefined {
    return this.#usage
  }

  /** Notes how often the engine has been restarted before the window looked. */
  async begin(): Promise<void> {
    await this.#ask()
  }

  /**
   * Asks now and again and again, except while the window is hidden. Returns what stops it; then
   * it asks once more, because the engine may have been restarted over the last page.
   */
  watch(): () => void {
    this.#watching = true
    const ask = () => void this.#ask()
    ask()
    const timer = setInterval(ask, askEveryMs)
    this.#page.addEventListener('visibilitychange', ask)
    return () => {
      this.#watching = false
      this.#usage = undefined
      clearInterval(timer)
      this.#page.removeEventListener('visibilitychange', ask)
      ask()
    }
  }

  // What fails is asked again soon, and the window says elsewhere that Go cannot be reached.
  async #ask(): Promise<void> {
    if (this.#asking || this.#page.hidden) return
    this.#asking = true
    try {
      this.#take(await this.#backend.engine())
    } catch {
      this.#usage = undefined
    } finally {
      this.#asking = false
    }
  }

  #take(usage: Engine): void {
    if (this.#restarts !== undefined && usage.restarts > this.#restarts)
      this.#notices.warn(restarted)
    this.#restarts = usage.restarts
    if (this.#watching) this.#usage = usage
  }
}
