import { failureOf, type Backend } from '../api/backend'
import type {
  About,
  Changes,
  Dropped,
  ExportFormat,
  Failure,
  Job,
  Snapshot,
  Task,
} from '../api/types'
import type { Locale } from '../i18n/locale.svelte'
import { Announcer } from './announcer.svelte'
import { Feed } from './feed'
import { ended, Jobs } from './jobs.svelte'
import { Notices } from './notices.svelte'
import { hasEnded, Tasks } from './tasks.svelte'
import { Viewer } from './viewer.svelte'

/** How many pages are fetched at once when all text of a job is copied. */
const pagesAtOnce = 8

/** How far copying all text of a job has come. */
export interface Copying {
  done: number
  total: number
}

/** App ties the parts of the window together: what is chosen, and what the buttons do. */
export class App {
  readonly locale: Locale
  readonly jobs: Jobs
  readonly tasks: Tasks
  readonly viewer: Viewer
  readonly notices = new Notices()
  readonly announcer = new Announcer()

  #backend: Backend
  #feed: Feed
  #job = $derived.by(() => this.jobs.find(this.tasks.job))
  #ready = $state(false)
  #problem = $state.raw<Failure>()
  #about = $state.raw<About>()
  #copying = $state.raw<Copying>()

  constructor(backend: Backend, locale: Locale) {
    this.#backend = backend
    this.locale = locale
    this.jobs = new Jobs(backend)
    this.tasks = new Tasks(backend)
    this.viewer = new Viewer(backend)
    this.#feed = new Feed(backend, {
      reset: (snapshot) => this.#reset(snapshot),
      apply: (changes) => this.#apply(changes),
      failed: (reason) => (this.#problem = failureOf(reason)),
    })
  }

  /** The chosen job. */
  get job(): Job | undefined {
    return this.#job
  }

  /** Whether the history has been loaded. */
  get ready(): boolean {
    return this.#ready
  }

  /** Why the history could not be loaded. */
  get problem(): Failure | undefined {
    return this.#problem
  }

  get about(): About | undefined {
    return this.#about
  }

  get copying(): Copying | undefined {
    return this.#copying
  }

  /** Starts listening to the backend; returns what stops it. */
  listen(): () => void {
    const stops = [
      this.#backend.onDropped((dropped) => this.#dropped(dropped)),
      this.#feed.listen(),
      () => this.announcer.stop(),
    ]
    this.#try(async () => (this.#about = await this.#backend.about()))
    return () => stops.forEach((stop) => stop())
  }

  /** Tries again to load the history. */
  retry(): void {
    this.#problem = undefined
    this.#try(() => this.#feed.resync())
  }

  thumbnailUrl(task: number): string {
    return this.#backend.thumbnailUrl(task)
  }

  addFiles(): void {
    const { filesTitle, filterName } = this.locale.t.add
    this.#try(async () => this.#add(await this.#backend.pickFiles(filesTitle, filterName)))
  }

  addFolder(): void {
    const { folderTitle } = this.locale.t.add
    this.#try(async () => this.#add(await this.#backend.pickFolder(folderTitle)))
  }

  /** Shows a job and its first task. */
  openJob(job: Job): void {
    if (job.id === this.tasks.job) return
    this.#try(async () => {
      const cleared = this.viewer.open(undefined)
      await this.tasks.open(job.id)
      await cleared
      if (this.tasks.job === job.id && !this.viewer.task) await this.viewer.open(this.tasks.list[0])
    })
  }

  openTask(task: Task): void {
    this.#try(() => this.viewer.open(task))
  }

  /** Opens the task that is step places further in the list on view. */
  stepTask(step: number): void {
    const { shown } = this.tasks
    const at = shown.findIndex((task) => task.id === this.viewer.task?.id)
    const task = shown[at < 0 ? 0 : at + step]
    if (task) this.openTask(task)
  }

  loadEarlier(): void {
    this.#try(() => this.jobs.loadEarlier())
  }

  cancel(job: Job): void {
    this.#try(async () => {
      await this.#backend.cancel(job.id)
      this.notices.tell((t) => t.notice.stopped)
    })
  }

  exportJob(job: Job, format: ExportFormat): void {
    const { exportTitle } = this.locale.t.tasks
    this.#try(async () => {
      const path = await this.#backend.exportJob(job.id, format, exportTitle)
      if (path) this.notices.tell((t) => t.notice.exported(path))
    })
  }

  copy(text: string): void {
    this.#try(async () => {
      await this.#backend.copy(text)
      this.notices.tell((t) => t.notice.copied)
    })
  }

  /** Copies the text of every done task of the chosen job, in the order of input. */
  copyAll(): void {
    if (this.#copying) return
    this.#try(async () => {
      try {
        await this.tasks.loaded
        this.copy(await this.#textOf(this.tasks.list.filter((task) => task.state === 'done')))
      } finally {
        this.#copying = undefined
      }
    })
  }

  async #textOf(tasks: readonly Task[]): Promise<string> {
    const texts: string[] = []
    for (let from = 0; from < tasks.length; from += pagesAtOnce) {
      this.#copying = { done: from, total: tasks.length }
      const some = tasks.slice(from, from + pagesAtOnce)
      const pages = await Promise.all(some.map((task) => this.#backend.page(task.id)))
      texts.push(...pages.map((page) => page.text))
    }
    return texts.filter((text) => text !== '').join('\n\n')
  }

  async #add(paths: string[]): Promise<void> {
    if (paths.length > 0) this.#show(await this.#backend.add(paths))
  }

  #dropped({ job, error }: Dropped): void {
    if (error) this.notices.fail(error)
    if (job) this.#show(job)
  }

  #show(job: Job): void {
    this.jobs.added(job)
    this.openJob(job)
  }

  #reset(snapshot: Snapshot): void {
    this.#problem = undefined
    this.#ready = true
    this.#try(() => this.jobs.reset(snapshot.jobs))
    const newest = this.jobs.list[0]
    if (this.tasks.job === undefined) {
      if (newest) this.openJob(newest)
      return
    }
    this.#try(async () => {
      await this.tasks.reload()
      await this.#follow()
    })
  }

  #apply(changes: Changes): void {
    const before = this.job
    this.jobs.apply(changes.jobs)
    this.tasks.apply(changes.tasks)
    this.#try(() => this.#follow())
    if (this.job && this.job !== before) this.#announce(this.job)
  }

  async #follow(): Promise<void> {
    await this.viewer.follow(this.tasks.find(this.viewer.task?.id))
  }

  #announce(job: Job): void {
    const { title, done, failed } = job
    if (hasEnded(job.state)) this.announcer.say((t) => t.notice.finished(title, done, failed))
    else this.announcer.say((t) => t.notice.progress(title, ended(job), job.tasks))
  }

  /** Runs what a person asked for; what fails is told. */
  #try(work: () => Promise<unknown>): void {
    work().catch((reason: unknown) => this.notices.fail(reason))
  }
}
