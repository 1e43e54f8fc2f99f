import { failureOf, type Backend } from '../api/backend'
import type {
  About,
  Changes,
  Dropped,
  ExportFormat,
  Failure,
  Job,
  Reading,
  Region,
  Scope,
  Snapshot,
  Steps,
  Task,
} from '../api/types'
import type { Locale } from '../i18n/locale.svelte'
import { Adding } from './adding.svelte'
import { Announcer } from './announcer.svelte'
import { hasEnded } from './choices'
import { EngineWatch } from './engine.svelte'
import { Feed } from './feed'
import { ended, Jobs } from './jobs.svelte'
import { Models } from './models.svelte'
import { Notices, type Words } from './notices.svelte'
import { tidied } from './reading'
import { ReadingChoice } from './reading.svelte'
import { Steering } from './steering.svelte'
import { StepsChoice } from './steps.svelte'
import { Tasks } from './tasks.svelte'
import { Unlock } from './unlock.svelte'
import { Viewer } from './viewer.svelte'

/** How many pages are fetched at once when all text of a job is copied. */
const pagesAtOnce = 8

const copied: Words = (t) => t.notice.copied
const areasKept: Words = (t) => t.notice.areasKept

/** How far copying all text of a job has come. */
export interface Copying {
  done: number
  total: number
}

/** What an earlier run that was cut short had left, in tasks. */
export interface Recovered {
  again: number // go on
  aside: number // do not
}

/** App ties the parts of the window together: what is chosen, and what the buttons do. */
export class App {
  readonly locale: Locale
  readonly jobs: Jobs
  readonly tasks: Tasks
  readonly viewer: Viewer
  readonly notices = new Notices()
  readonly announcer = new Announcer()
  readonly steering: Steering
  readonly engine: EngineWatch
  readonly reading: ReadingChoice
  readonly models: Models
  readonly steps: StepsChoice
  readonly adding: Adding
  readonly unlock: Unlock

  #backend: Backend
  #feed: Feed
  #job = $derived.by(() => this.jobs.find(this.tasks.job))
  #ready = $state(false)
  #problem = $state.raw<Failure>()
  #about = $state.raw<About>()
  #copying = $state.raw<Copying>()
  #hasReadRecovered = $state(false)
  #recovered = $derived(this.#hasReadRecovered ? undefined : recoveredOf(this.#about))

  constructor(backend: Backend, locale: Locale) {
    this.#backend = backend
    this.locale = locale
    this.jobs = new Jobs(backend)
    this.tasks = new Tasks(backend)
    this.viewer = new Viewer(backend)
    this.reading = new ReadingChoice(backend, this.notices)
    this.unlock = new Unlock(backend, this.notices, (job) => this.#show(job))
    this.models = new Models(backend, this.notices)
    this.steps = new StepsChoice(backend, this.notices, this.models)
    this.adding = new Adding(backend)
    this.steering = new Steering(backend, this.notices, {
      again: (scope) => this.#again(scope, this.reading.value, this.steps.value),
      add: (step, job) => this.adding.begin(step, job),
    })
    this.engine = new EngineWatch(backend, this.notices)
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

  /** What an earlier run had left, until the person has read it. */
  get recovered(): Recovered | undefined {
    return this.#recovered
  }

  /** Notes that the person has read what was recovered. */
  dismissRecovered(): void {
    this.#hasReadRecovered = true
  }

  /** Whether choices are on view that keep the rest of the window waiting. */
  get isChoosing(): boolean {
    const { reading, steps, models, adding } = this
    return reading.isOpen || steps.isOpen || models.isOpen || adding.asked !== undefined
  }

  get copying(): Copying | undefined {
    return this.#copying
  }

  /** Starts listening to the backend; returns what stops it. */
  listen(): () => void {
    const stops = [
      this.#backend.onDropped((dropped) => this.#dropped(dropped)),
      this.#feed.listen(),
      this.models.listen(),
      () => this.announcer.stop(),
    ]
    this.#try(async () => (this.#about = await this.#backend.about()))
    this.#try(() => this.engine.begin())
    return () => stops.forEach((stop) => stop())
  }

  /** Tries again to open and load the history. */
  retry(): void {
    this.#problem = undefined
    this.#try(async () => {
      await this.#backend.reopen()
      await this.#feed.resync()
    })
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
      await this.tasks.loaded // which may be a later one
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

  exportJob(job: Job, format: ExportFormat): void {
    const { exportTitle } = this.locale.t.tasks
    this.#try(async () => {
      const path = await this.#backend.exportJob(job.id, format, exportTitle)
      if (path) this.notices.tell((t) => t.notice.exported(path))
    })
  }

  /** Reads a file or a job once more as it was read, but for the areas that are ignored. */
  readWithout(ignore: readonly Region[], scope: Scope): void {
    const { reading = {}, steps = {} } = this.jobs.find(scope.job) ?? {}
    this.#try(() => this.#again(scope, tidied({ ...reading, ignore }), steps))
  }

  /** Ignores areas in what is added from now on. */
  ignore(ignore: readonly Region[]): void {
    this.viewer.areas.end()
    this.#try(async () => {
      await this.reading.change({ ignore })
      this.notices.tell(areasKept)
    })
  }

  copy(text: string): void {
    this.#try(async () => {
      await this.#backend.copy(text)
      this.notices.tell(copied)
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
    const job = paths.length > 0 ? await this.#backend.add(paths) : undefined
    if (job) this.#show(job)
  }

  async #again(scope: Scope, reading: Reading, steps: Steps): Promise<void> {
    this.#show(await this.#backend.again(scope, reading, steps))
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
    for (const part of [this.reading, this.steps, this.models]) this.#try(() => part.begin())
    const open = this.tasks.job
    this.#try(async () => {
      await this.jobs.reset(snapshot.jobs)
      if (open !== undefined) await (this.jobs.find(open) ? this.#reread(open) : this.#close(open))
    })
    const newest = this.jobs.list[0]
    if (open === undefined && newest) this.openJob(newest)
  }

  #apply(changes: Changes): void {
    const before = this.job
    this.jobs.apply(changes.jobs)
    this.jobs.drop(changes.gone)
    this.tasks.apply(changes.tasks)
    this.#try(() => this.#follow())
    for (const job of changes.gone) this.#try(() => this.#close(job))
    for (const job of changes.many) this.#try(() => this.#reread(job))
    if (this.job && this.job !== before) this.#announce(this.job)
  }

  async #follow(): Promise<void> {
    await this.viewer.follow(this.tasks.find(this.viewer.task?.id))
  }

  /** Reads the tasks of a job again if they are on view; the result of one that has gone closes. */
  async #reread(job: number): Promise<void> {
    if (this.tasks.job !== job) return
    await this.tasks.reload()
    if (this.tasks.job !== job || this.tasks.loading) return // somebody else takes it from here
    if (this.tasks.find(this.viewer.task?.id)) await this.#follow()
    else await this.viewer.open(undefined)
  }

  /** Takes a job that has gone off the view. */
  async #close(job: number): Promise<void> {
    if (this.tasks.job !== job) return
    await this.tasks.open(undefined)
    await this.viewer.open(undefined)
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

function recoveredOf(about: About | undefined): Recovered | undefined {
  if (!about || about.recovered + about.quarantined === 0) return undefined
  return { again: about.recovered, aside: about.quarantined }
}
