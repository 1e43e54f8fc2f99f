import type { Notices } from './notices.svelte'

/** Where a choice is kept between starts. */
export interface Keeper<T> {
  load: () => Promise<T>
  save: (value: T) => Promise<void>
}

/** Kept is a choice that holds as soon as it is made, and is saved meanwhile. */
export class Kept<T extends object> {
  #keeper: Keeper<T>
  #notices: Notices
  #value = $state.raw({} as T)
  #isSaving = false

  /** The first value is an empty object. */
  constructor(keeper: Keeper<T>, notices: Notices) {
    this.#keeper = keeper
    this.#notices = notices
  }

  get value(): T {
    return this.#value
  }

  /** Takes what was kept. Where that cannot be had, the window tells why elsewhere. */
  async begin(): Promise<void> {
    try {
      const value = await this.#keeper.load()
      if (!this.#isSaving) this.#value = value
    } catch {
      return // the usual, or what held before
    }
  }

  // One change after the other: of two that overtake each other the older one might stay.
  async take(value: T): Promise<void> {
    this.#value = value
    if (this.#isSaving) return
    this.#isSaving = true
    let saved: T | undefined
    while (saved !== this.#value) {
      saved = this.#value
      await this.#save(saved)
    }
    this.#isSaving = false
  }

  // What cannot be saved holds all the same, and is told.
  async #save(value: T): Promise<void> {
    try {
      await this.#keeper.save(value)
    } catch (reason) {
      this.#notices.fail(reason)
    }
  }
}
