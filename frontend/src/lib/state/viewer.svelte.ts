import { failureOf, type Backend } from '../api/backend'
import type { Failure, Line, Page, Task } from '../api/types'
import { Areas } from './areas.svelte'
import { hasEnded } from './choices'
import type { Form } from './forms'
import { TaskLog } from './tasklog.svelte'

/** Lines below this score deserve a second look. Our choice: the recogniser is rarely wrong above it. */
export const lowScore = 0.8

/** Reports whether a page has been read: its text stays, whatever becomes of further steps. */
export function isRead(page: Page | undefined): page is Page {
  return page?.ms !== undefined
}

/** Viewer shows one task: its page, fetched when it is shown, and the line that is chosen. */
export class Viewer {
  readonly log: TaskLog
  /** The parts of the page that a person is about to have ignored. */
  readonly areas = new Areas()
  /** What the person has chosen for the pages of this job, if anything. */
  form = $state<Form>()

  #backend: Backend
  #task = $state.raw<Task>()
  #page = $state.raw<Page>()
  #problem = $state.raw<Failure>()
  #line = $state<number>() // chosen
  #hover = $state<number>() // under the pointer, in the picture or in the text
  #sentence = $state<number>() // chosen, in the text or in its translation
  #hoverSentence = $state<number>()
  #fetch = 0 // number of the newest fetch; answers to older ones are dropped

  constructor(backend: Backend) {
    this.#backend = backend
    this.log = new TaskLog(backend)
  }

  get task(): Task | undefined {
    return this.#task
  }

  /** The page of the task, once it has been fetched. */
  get page(): Page | undefined {
    return this.#page
  }

  /** Why the page could not be fetched. */
  get problem(): Failure | undefined {
    return this.#problem
  }

  get lines(): readonly Line[] {
    return this.#page?.lines ?? []
  }

  /** How many lines deserve a second look. */
  get lowCount(): number {
    return this.lines.filter((line) => line.score < lowScore).length
  }

  /** The chosen line, by its place on the page. */
  get line(): number | undefined {
    return this.#line
  }

  get hover(): number | undefined {
    return this.#hover
  }

  /** The sentence to mark, by its place among the segments: that under the pointer, or the chosen one. */
  get sentence(): number | undefined {
    return this.#hoverSentence ?? this.#sentence
  }

  /** Shows a task, or nothing. */
  async open(task: Task | undefined): Promise<void> {
    if (task?.job !== this.#task?.job) {
      this.form = undefined
      this.areas.end()
    }
    this.#task = task
    this.#page = undefined
    this.#line = undefined
    this.#hover = undefined
    this.#sentence = undefined
    this.#hoverSentence = undefined
    await Promise.all([this.#load(), this.log.follow(task)])
  }

  /**
   * Takes the latest state of the task on view, and fetches its page when that has changed. What
   * was read stays on view meanwhile.
   */
  async follow(task: Task | undefined): Promise<void> {
    if (!task || task.id !== this.#task?.id || task === this.#task) return
    const isNews = task.state !== this.#task.state || task.attempt !== this.#task.attempt
    this.#task = task
    if (isNews && !isRead(this.#page)) this.#page = undefined
    await Promise.all([isNews ? this.#load() : undefined, this.log.follow(task)])
  }

  /** Chooses a line, or none; beyond the ends it stays at the end. */
  choose(line: number | undefined): void {
    const last = this.lines.length - 1
    this.#line = line === undefined || last < 0 ? undefined : Math.min(Math.max(line, 0), last)
  }

  /** Marks the line under the pointer, or none. */
  point(line: number | undefined): void {
    this.#hover = line
  }

  /** Chooses a sentence, or none. */
  chooseSentence(at: number | undefined): void {
    const last = (this.#page?.translation?.segments?.length ?? 0) - 1
    this.#sentence = at === undefined || last < 0 ? undefined : Math.min(Math.max(at, 0), last)
  }

  /** Marks the sentence under the pointer, or none. */
  pointSentence(at: number | undefined): void {
    this.#hoverSentence = at
  }

  /** Where the picture of the task on view is served. */
  get pictureUrl(): string | undefined {
    return this.#task && this.#backend.pictureUrl(this.#task.id)
  }

  async #load(): Promise<void> {
    const fetch = ++this.#fetch
    this.#problem = undefined
    const task = this.#task
    if (!task) return
    try {
      const page = await this.#backend.page(task.id)
      if (fetch === this.#fetch && (hasEnded(task.state) || isRead(page))) this.#page = page
    } catch (reason) {
      if (fetch === this.#fetch) this.#problem = failureOf(reason)
    }
  }
}
