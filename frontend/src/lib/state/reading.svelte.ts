import type { Backend } from '../api/backend'
import type { Pack, Reading } from '../api/types'
import type { Notices } from './notices.svelte'
import { isUsual, tidied } from './reading'

/** ReadingChoice is how the pages are read of what is added from now on. */
export class ReadingChoice {
  #backend: Backend
  #notices: Notices
  #isOpen = $state(false)
  #packs = $state.raw<readonly Pack[]>([])
  #value = $state.raw<Reading>({})
  #isUsual = $derived(isUsual(this.#value))
  #isSaving = false

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  /** Whether the choices are on view. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** The packs of models to choose from, as there were when the choices came on view. */
  get packs(): readonly Pack[] {
    return this.#packs
  }

  /** What differs from the usual. */
  get value(): Reading {
    return this.#value
  }

  get isUsual(): boolean {
    return this.#isUsual
  }

  /** Asks Go how pages are read. Where it cannot say, the window tells why elsewhere. */
  async begin(): Promise<void> {
    try {
      const value = await this.#backend.reading()
      if (!this.#isSaving) this.#value = tidied(value)
    } catch {
      return // the usual, or what held before
    }
  }

  /** Puts the choices on view. */
  async open(): Promise<void> {
    this.#isOpen = true
    try {
      this.#packs = await this.#backend.packs()
    } catch (reason) {
      this.#notices.fail(reason)
    }
  }

  close(): void {
    this.#isOpen = false
  }

  /** Changes some of it; undefined is as usual. */
  async change(part: { [K in keyof Reading]: Reading[K] | undefined }): Promise<void> {
    await this.#take(tidied({ ...this.#value, ...part } as Reading))
  }

  /** Goes back to the usual in everything. */
  async reset(): Promise<void> {
    await this.#take({})
  }

  // One change after the other: of two that overtake each other the older one might stay.
  async #take(value: Reading): Promise<void> {
    this.#value = value
    if (this.#isSaving) return
    this.#isSaving = true
    let saved: Reading | undefined
    while (saved !== this.#value) {
      saved = this.#value
      await this.#save(saved)
    }
    this.#isSaving = false
  }

  // What cannot be saved holds all the same, and is told.
  async #save(value: Reading): Promise<void> {
    try {
      await this.#backend.setReading(value)
    } catch (reason) {
      this.#notices.fail(reason)
    }
  }
}
