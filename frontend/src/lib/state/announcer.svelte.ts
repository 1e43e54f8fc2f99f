import type { Words } from './notices.svelte'

/** The least time between two announcements of progress, in ms: a screen reader must keep up. */
export const announceEveryMs = 5000

/** Announcer holds what a screen reader should say next, never faster than it can be heard. */
export class Announcer {
  #words = $state.raw<Words>()
  #waiting: Words | undefined
  #pause: ReturnType<typeof setTimeout> | undefined

  /** What is to be said now. */
  get words(): Words | undefined {
    return this.#words
  }

  /** Says words, at once or after the pause; newer words replace those that wait. */
  say(words: Words): void {
    if (this.#pause !== undefined) {
      this.#waiting = words
      return
    }
    this.#words = words
    this.#pause = setTimeout(() => this.#resume(), announceEveryMs)
  }

  /** Forgets what waits. */
  stop(): void {
    clearTimeout(this.#pause)
    this.#pause = undefined
    this.#waiting = undefined
  }

  #resume(): void {
    const next = this.#waiting
    this.stop()
    if (next) this.say(next)
  }
}
