import type { Backend } from '../api/backend'
import type { Labelling, Steps, Translating } from '../api/types'
import { Kept } from './kept.svelte'
import type { Models } from './models.svelte'
import type { Notices } from './notices.svelte'
import { missing, tidied, type Missing } from './steps'

/** StepsChoice is what is done beyond reading with what is added from now on. */
export class StepsChoice {
  #kept: Kept<Steps>
  #models: Models
  #isOpen = $state(false)
  #missing = $derived.by(() => this.#models.isKnown && missing(this.value, this.#models.list))

  constructor(backend: Backend, notices: Notices, models: Models) {
    const load = async () => tidied(await backend.steps())
    this.#kept = new Kept({ load, save: (value) => backend.setSteps(value) }, notices)
    this.#models = models
  }

  /** Whether the choices are on view. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  get value(): Steps {
    return this.#kept.value
  }

  /** What has been chosen and cannot be done, if anything. */
  get missing(): Missing | undefined {
    return this.#missing || undefined
  }

  /** Asks Go what is done. */
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

  async translate(translate: Translating | undefined): Promise<void> {
    await this.#change({ translate })
  }

  async label(label: Labelling | undefined): Promise<void> {
    await this.#change({ label })
  }

  /** Labels pictures without reading them, or reads them again. */
  async leaveUnread(no_reading: boolean): Promise<void> {
    await this.#change({ no_reading })
  }

  async #change(part: { [K in keyof Steps]: Steps[K] | undefined }): Promise<void> {
    await this.#kept.take(tidied({ ...this.value, ...part } as Steps))
  }
}
