import type { Backend } from '../api/backend'
import type { Reading } from '../api/types'
import { Kept } from './kept.svelte'
import type { Notices } from './notices.svelte'
import { isUsual, tidied } from './reading'

/** ReadingChoice is how the pages are read of what is added from now on. */
export class ReadingChoice {
  #kept: Kept<Reading>
  #isOpen = $state(false)
  #isUsual = $derived.by(() => isUsual(this.#kept.value))

  constructor(backend: Backend, notices: Notices) {
    const load = async () => tidied(await backend.reading())
    this.#kept = new Kept({ load, save: (value) => backend.setReading(value) }, notices)
  }

  /** Whether the choices are on view. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** What differs from the usual. */
  get value(): Reading {
    return this.#kept.value
  }

  get isUsual(): boolean {
    return this.#isUsual
  }

  /** Asks Go how pages are read. */
  begin(): Promise<void> {
    return this.#kept.begin()
  }

  /** Puts the choices on view. */
  open(): void {
    this.#isOpen = true
  }

  close(): void {
    this.#isOpen = false
  }

  /** Changes some of it; undefined is as usual. */
  async change(part: { [K in keyof Reading]: Reading[K] | undefined }): Promise<void> {
    await this.#kept.take(tidied({ ...this.value, ...part } as Reading))
  }

  /** Goes back to the usual in everything. */
  async reset(): Promise<void> {
    await this.#kept.take({})
  }
}
