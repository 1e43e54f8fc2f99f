import { BackendError, type Backend } from './backend'
import type {
  About,
  Changes,
  Dropped,
  Engine,
  ExportFormat,
  Failure,
  Job,
  LogEntry,
  Pack,
  PackWork,
  Page,
  Reading,
  RetryState,
  Scope,
  Snapshot,
  Steps,
  Task,
} from './types'

/** A job with nothing in it, for tests to fill. */
export function fakeJob(over: Partial<Job> = {}): Job {
  const none = { tasks: 0, queued: 0, running: 0, done: 0, failed: 0, cancelled: 0 }
  const head = { id: 1, title: 'scan.png', state: 'done' as const, paused: false, created_at_ms: 0 }
  return { ...head, ...none, ...over }
}

/** A task that is done, for tests to change. */
export function fakeTask(over: Partial<Task> = {}): Task {
  const file = { name: 'scan.png', path: '/pictures/scan.png', page: 1, kind: 'image' }
  return { id: 1, job: 1, index: 0, state: 'done', attempt: 1, ...file, ...over }
}

/** An installed pack that reads, for tests to change. */
export function fakePack(over: Partial<Pack> = {}): Pack {
  const head = { id: 'reader', version: '1', name: 'Reader', task: 'ocr' as const }
  const origin = { licence: 'Apache-2.0', noncommercial: false, source: 'somewhere', bytes: 1e6 }
  const languages = { languages: ['en'], from: [], to: [] }
  return { ...head, state: 'installed', current: true, ...languages, ...origin, ...over }
}

/** An installed pack that translates one way. */
export function fakeTranslator(from: string, to: string, over: Partial<Pack> = {}): Pack {
  const id = `opus-mt-${from}-${to}`
  const way = { languages: [from, to], from: [from], to: [to] }
  return fakePack({ id, name: id, task: 'translation', ...way, ...over })
}

/** An engine at rest on a processor with two slots, for tests to change. */
export function fakeEngine(over: Partial<Engine> = {}): Engine {
  const bytes = { resident_bytes: 0, peak_bytes: 0, budget_bytes: 0, reserved_bytes: 0 }
  const devices = [{ name: 'cpu', slots: 2, busy: 0, sessions: 3 }]
  const power = { on_battery: false, held: false }
  return { process: 7, restarts: 0, devices, notices: [], ...bytes, ...power, ...over }
}

/** A page with one line for each text, one below the other. */
export function fakePage(texts: string[], over: Partial<Page> = {}): Page {
  const lines = texts.map((text, at) => fakeLine(text, at * 20))
  const size = { width: 400, height: 300 }
  const head = { v: 1, path: '/pictures/scan.png', page: 1, kind: 'image', attempt: 1 }
  const page = { ...head, ...size, status: 'done' as const, error: null, lines, ...over }
  const isDone = page.status === 'done' && page.error === null
  const timing = isDone && { ms: { total: 412, wait: 3, infer: 389 } }
  return { text: texts.join('\n'), ...timing, ...page }
}

function fakeLine(text: string, top: number): NonNullable<Page['lines']>[number] {
  const bottom = top + 16
  return {
    text,
    score: 0.98,
    quad: [
      [10, top],
      [110, top],
      [110, bottom],
      [10, bottom],
    ],
    block: 0,
    vertical: false,
  }
}

/**
 * FakeBackend is a backend in memory, for tests. Fill its fields, then emit or drop; what
 * was asked of it is in copied, steered and exported. Set failure to make every question fail.
 */
export class FakeBackend implements Backend {
  seq = 0
  jobs: Job[] = []
  older: Job[] = []
  taskList: Task[] = []
  pages = new Map<number, Page>()
  picked: string[] = []
  failure: Failure | undefined
  copied: string[] = []
  logs = new Map<number, LogEntry[]>()
  usage = fakeEngine()
  usageAsked = 0
  reopened = 0
  aboutThis: Partial<About> = {}
  /** What was asked for, to which scope, and with what. */
  steered: [verb: string, scope: Scope, states?: RetryState[]][] = []
  exported: ExportFormat[] = []
  /** How pages are read from now on. */
  readingNow: Reading = {}
  packList: Pack[] = [fakePack({ id: 'pp-ocr', name: 'PP-OCR', state: 'bundled' })]
  /** What is done beyond reading from now on. */
  stepsNow: Steps = {}
  /** What was to be done with jobs that had been read. */
  stepsAdded: [job: number, steps: Steps][] = []
  /** What was to be read again, and how. */
  readAgain: [scope: Scope, reading: Reading, steps: Steps][] = []
  /** The one password that opens documents. */
  password = 'sesame'

  /** What was to be installed, removed and the like. */
  packsAsked: [verb: string, ...args: unknown[]][] = []
  /** Whether packs come with hashes. */
  isHashed = true

  #works = new Set<(work: PackWork) => void>()
  #changes = new Set<(changes: Changes) => void>()
  #dropped = new Set<(dropped: Dropped) => void>()

  /** Sends a batch of changes to whoever listens. */
  emit(changes: Partial<Changes> & { seq: number }): void {
    for (const listener of this.#changes)
      listener({ jobs: [], gone: [], many: [], tasks: [], ...changes })
  }

  /** Tells whoever listens that files were dropped. */
  drop(dropped: Dropped): void {
    for (const listener of this.#dropped) listener(dropped)
  }

  /** Tells whoever listens how far the installation of a pack has come. */
  tellWork(work: Partial<PackWork> & { id: number }): void {
    const head = { name: 'opus-mt-en-zh', what: 'add' as const, state: 'running' as const }
    for (const listener of this.#works) listener({ ...head, done: 0, total: 0, ...work })
  }

  add(paths: string[]): Promise<Job | undefined> {
    return this.#addedJob(paths[0] ?? '', this.readingNow)
  }

  pickFiles(): Promise<string[]> {
    return this.answer(this.picked)
  }

  pickFolder(): Promise<string[]> {
    return this.answer(this.picked)
  }

  snapshot(): Promise<Snapshot> {
    return this.answer({ seq: this.seq, jobs: this.jobs })
  }

  earlier(before: number): Promise<Job[]> {
    return this.answer(this.older.filter((job) => job.id < before).slice(0, 200))
  }

  tasks(job: number, from: number, limit: number): Promise<Task[]> {
    const tasks = this.taskList.filter((task) => task.job === job)
    return this.answer(tasks.slice(from, from + limit))
  }

  page(task: number): Promise<Page> {
    const page = this.pages.get(task)
    if (page) return this.answer(page)
    return Promise.reject(new BackendError({ code: 'not_found', message: 'no such task' }))
  }

  log(task: number): Promise<LogEntry[]> {
    return this.answer(this.logs.get(task) ?? [])
  }

  pause(scope: Scope): Promise<void> {
    return this.#steer('pause', scope)
  }

  resume(scope: Scope): Promise<void> {
    return this.#steer('resume', scope)
  }

  cancel(scope: Scope): Promise<void> {
    return this.#steer('cancel', scope)
  }

  retry(scope: Scope, states: RetryState[]): Promise<void> {
    this.steered.push(['retry', scope, states])
    return this.answer(undefined)
  }

  remove(scope: Scope): Promise<void> {
    return this.#steer('remove', scope)
  }

  reading(): Promise<Reading> {
    return this.answer(this.readingNow)
  }

  setReading(reading: Reading): Promise<void> {
    this.readingNow = reading
    return this.answer(undefined)
  }

  steps(): Promise<Steps> {
    return this.answer(this.stepsNow)
  }

  setSteps(steps: Steps): Promise<void> {
    this.stepsNow = steps
    return this.answer(undefined)
  }

  addSteps(job: number, steps: Steps): Promise<void> {
    this.stepsAdded.push([job, steps])
    return this.answer(undefined)
  }

  packs(): Promise<Pack[]> {
    return this.answer([...this.packList])
  }

  pickModel(): Promise<string[]> {
    return this.answer(this.picked)
  }

  addPack(paths: string[]): Promise<void> {
    return this.#ask('add', paths)
  }

  downloadPack(id: string, accept: boolean): Promise<void> {
    return this.#ask('download', id, accept)
  }

  stopPack(work: number): Promise<void> {
    return this.#ask('stop', work)
  }

  removePack(id: string, version: string): Promise<void> {
    this.packList = this.packList.filter((pack) => pack.id !== id || pack.version !== version)
    return this.#ask('remove', id, version)
  }

  async verifyPack(id: string, version: string): Promise<boolean> {
    await this.#ask('verify', id, version)
    return this.isHashed
  }

  again(scope: Scope, reading: Reading, steps: Steps): Promise<Job> {
    this.readAgain.push([scope, reading, steps])
    return this.#addedJob('again', reading)
  }

  unlock(task: number, password: string): Promise<Job> {
    if (password === this.password) return this.#addedJob(`unlocked ${task}`, {})
    return Promise.reject(new BackendError({ code: 'encrypted', message: 'wrong password' }))
  }

  exportJob(_job: number, format: ExportFormat): Promise<string> {
    this.exported.push(format)
    return this.answer(`/exports/out.${format}`)
  }

  copy(text: string): Promise<void> {
    this.copied.push(text)
    return this.answer(undefined)
  }

  about(): Promise<About> {
    const parts = { version: '0', model: 'fake', workers: 1, home: '/home' }
    const left = { recovered: 0, quarantined: 0 }
    return this.answer({ ...parts, ready: true, ...left, ...this.aboutThis })
  }

  reopen(): Promise<void> {
    this.reopened++
    return this.answer(undefined)
  }

  engine(): Promise<Engine> {
    this.usageAsked++
    return this.answer(this.usage)
  }

  onChanges(listener: (changes: Changes) => void): () => void {
    this.#changes.add(listener)
    return () => this.#changes.delete(listener)
  }

  onDropped(listener: (dropped: Dropped) => void): () => void {
    this.#dropped.add(listener)
    return () => this.#dropped.delete(listener)
  }

  onPackWork(listener: (work: PackWork) => void): () => void {
    this.#works.add(listener)
    return () => this.#works.delete(listener)
  }

  pictureUrl(task: number): string {
    return `/media/task/${task}`
  }

  thumbnailUrl(task: number): string {
    return `/media/task/${task}?thumb`
  }

  #addedJob(title: string, reading: Reading): Promise<Job> {
    const job = fakeJob({ id: this.jobs.length + 1, title, state: 'queued', reading })
    this.jobs = [job, ...this.jobs]
    return this.answer(job)
  }

  #ask(...asked: [verb: string, ...args: unknown[]]): Promise<void> {
    this.packsAsked.push(asked)
    return this.answer(undefined)
  }

  #steer(verb: string, scope: Scope): Promise<void> {
    this.steered.push([verb, scope])
    return this.answer(undefined)
  }

  /** How every question is answered: override it to answer later. */
  protected answer<T>(value: T): Promise<T> {
    if (this.failure) return Promise.reject(new BackendError(this.failure))
    return Promise.resolve(value)
  }
}
