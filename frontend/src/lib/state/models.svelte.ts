import type { Backend } from '../api/backend'
import type { Pack } from '../api/types'
import type { Step } from './adding.svelte'
import type { Notices } from './notices.svelte'
import { labellers, translators } from './steps'

/** Models are the packs of models: those that are here, and those that can be had. */
export class Models {
  #backend: Backend
  #notices: Notices
  #list = $state.raw<readonly Pack[]>()
  #isOpen = $state(false)
  #readers = $derived(this.list.filter(({ current, task }) => current && task === 'ocr'))
  #translators = $derived(translators(this.list))
  #labellers = $derived(labellers(this.list))
  #able = $derived(
    [
      this.#translators.length > 0 && ('translate' as const),
      this.#labellers.length > 0 && ('label' as const),
    ].filter((step) => step !== false),
  )

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  /** Whether they are on view. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether Go has said which there are. */
  get isKnown(): boolean {
    return this.#list !== undefined
  }

  /** All of them, the bundled one first. */
  get list(): readonly Pack[] {
    return this.#list ?? []
  }

  /** Those that read, translate, and label. */
  get readers(): readonly Pack[] {
    return this.#readers
  }

  get translators(): readonly Pack[] {
    return this.#translators
  }

  get labellers(): readonly Pack[] {
    return this.#labellers
  }

  /** The steps that they can do. */
  get able(): readonly Step[] {
    return this.#able
  }

  /** Asks Go which there are. */
  async begin(): Promise<void> {
    try {
      this.#list = await this.#backend.packs()
    } catch (reason) {
      this.#notices.fail(reason)
    }
  }

  /** Puts them on view. */
  open(): void {
    this.#isOpen = true
    void this.begin()
  }

  close(): void {
    this.#isOpen = false
  }
}
