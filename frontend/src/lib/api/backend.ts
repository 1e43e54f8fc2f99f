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

/**
 * Backend is all that the window knows of the program behind it: wails.ts is the real one,
 * fake.ts the one for tests. Every promise that fails rejects with a BackendError.
 */
export interface Backend {
  /**
   * Adds files and folders as one job, which is durable when the promise resolves. Packs of models
   * among them are installed; where nothing else is left there is no job.
   */
  add(paths: string[]): Promise<Job | undefined>
  /** Asks for files in a native dialog; empty when the person closed it. */
  pickFiles(title: string, filterName: string): Promise<string[]>
  /** Asks for one folder in a native dialog; empty when the person closed it. */
  pickFolder(title: string): Promise<string[]>
  /** The newest jobs. */
  snapshot(): Promise<Snapshot>
  /** The next older jobs, newest first, whose id is below before; empty at the end. */
  earlier(before: number): Promise<Job[]>
  /** Up to limit (1000 at most) tasks of a job, by index, from index from on. */
  tasks(job: number, from: number, limit: number): Promise<Task[]>
  /** One task with its result. */
  page(task: number): Promise<Page>
  /** What happened to a task, oldest first. */
  log(task: number): Promise<LogEntry[]>

  /** Keeps what is queued from being started; what is running goes on. */
  pause(scope: Scope): Promise<void>
  /** Undoes pause. */
  resume(scope: Scope): Promise<void>
  /** Stops what is queued or running; what is done stays. */
  cancel(scope: Scope): Promise<void>
  /** Queues again what ended in one of these states. */
  retry(scope: Scope, states: RetryState[]): Promise<void>
  /** Deletes tasks with all that was read; files stay. Resolves when what was running has ended. */
  remove(scope: Scope): Promise<void>

  /** How the pages are read of what is added from now on. */
  reading(): Promise<Reading>
  /** Changes that for good. When it cannot be saved it holds until the program ends. */
  setReading(reading: Reading): Promise<void>
  /** What is done beyond reading with what is added from now on. */
  steps(): Promise<Steps>
  /** Changes that for good, as setReading does. */
  setSteps(steps: Steps): Promise<void>
  /** Has more done with what was read of a job; 'conflict' while some of it is at work. */
  addSteps(job: number, steps: Steps): Promise<void>
  /** Reads a job's files, or that of a task, once more in another way: as a new job. */
  again(scope: Scope, reading: Reading, steps: Steps): Promise<Job>
  /** All packs of models: the bundled one, the installed ones, and those that can be had. */
  packs(): Promise<Pack[]>
  /** Asks for models, or archives of some, in a native dialog; empty when the person closed it. */
  pickModel(title: string, filterName: string): Promise<string[]>
  /** Begins to install a pack of files and folders; onPackWork tells what becomes of it. */
  addPack(paths: string[]): Promise<void>
  /**
   * Begins to fetch and install a pack, or goes on with one. accept says that the person keeps to
   * a licence that forbids commercial use.
   */
  downloadPack(id: string, accept: boolean): Promise<void>
  /** Stops an installation. */
  stopPack(work: number): Promise<void>
  /** Deletes a version of an installed pack. */
  removePack(id: string, version: string): Promise<void>
  /** Compares the files of a pack with their hashes; false says that it came without any. */
  verifyPack(id: string, version: string): Promise<boolean>
  /**
   * Has a document read that has failed for want of its password; resolves with the job in which
   * it is. 'encrypted' says that the password is wrong, and nothing has changed.
   */
  unlock(task: number, password: string): Promise<Job>

  /** Asks where to and exports; resolves with the path, '' when the person closed the dialog. */
  exportJob(job: number, format: ExportFormat, title: string): Promise<string>
  /** Puts text on the clipboard. */
  copy(text: string): Promise<void>
  about(): Promise<About>
  /** Tries again to open the history, after whatever was in the way. */
  reopen(): Promise<void>
  engine(): Promise<Engine>

  /** Calls listener with each batch of changes, maybe out of order. Returns its undo. */
  onChanges(listener: (changes: Changes) => void): () => void
  /** Calls listener after files were dropped on the window. Returns its undo. */
  onDropped(listener: (dropped: Dropped) => void): () => void

  /** Calls listener as the installation of packs goes on, maybe out of order. Returns its undo. */
  onPackWork(listener: (work: PackWork) => void): () => void

  /** Where the upright picture of a task is served; 404 when its file has gone. */
  pictureUrl(task: number): string
  /** Where its thumbnail is served, 96 px at most. */
  thumbnailUrl(task: number): string
}

/** BackendError carries what Go says about a failure. */
export class BackendError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.name = 'BackendError'
    this.failure = failure
  }
}

/** failureOf finds the failure in whatever was thrown; what nobody gave a code is 'internal'. */
export function failureOf(reason: unknown): Failure {
  if (reason instanceof BackendError) return reason.failure
  if (isFailure(reason)) return reason
  const message = reason instanceof Error ? reason.message : String(reason)
  return parseFailure(message) ?? { code: 'internal', message }
}

// Wails wraps what Go answers in new Error(…), so an object can only travel as its JSON.
function parseFailure(message: string): Failure | undefined {
  if (!message.startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(message)
    return isFailure(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    'message' in value &&
    typeof value.message === 'string'
  )
}
