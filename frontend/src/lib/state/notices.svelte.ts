import { failureOf } from '../api/backend'
import type { Failure } from '../api/types'
import type { Messages } from '../i18n/en'

/** How long good news stays on view, in ms; failures stay until they are dismissed. */
export const noticeMs = 5000

/** Chooses its words when it is shown, so that it follows the language. */
export type Words = (t: Messages) => string

/** Something a person should notice without being stopped by it. */
export type Notice = { id: number } & ({ words: Words; isWarning?: boolean } | { failure: Failure })

/** Notices are the messages at the edge of the window, oldest first. */
export class Notices {
  #list = $state.raw<Notice[]>([])
  #next = 1

  get list(): readonly Notice[] {
    return this.#list
  }

  /** Shows good news for a moment; the same words take the place of those on view. */
  tell(words: Words): void {
    this.#list = this.#list.filter((notice) => !('words' in notice) || notice.words !== words)
    const id = this.#add({ id: this.#next, words })
    setTimeout(() => this.dismiss(id), noticeMs)
  }

  /** Shows words until they are dismissed; the same are not repeated while they are on view. */
  warn(words: Words): void {
    const isShown = this.#list.some((notice) => 'words' in notice && notice.words === words)
    if (!isShown) this.#add({ id: this.#next, words, isWarning: true })
  }

  /** Shows a failure until it is dismissed; one that is on view already is not repeated. */
  fail(reason: unknown): void {
    const failure = failureOf(reason)
    const isShown = this.#list.some(
      (notice) =>
        'failure' in notice &&
        notice.failure.code === failure.code &&
        notice.failure.message === failure.message,
    )
    if (!isShown) this.#add({ id: this.#next, failure })
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((notice) => notice.id !== id)
  }

  #add(notice: Notice): number {
    this.#next++
    this.#list = [...this.#list, notice]
    return notice.id
  }
}
