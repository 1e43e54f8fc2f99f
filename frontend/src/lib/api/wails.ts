import * as jobs from '../../../wailsjs/go/desktop/Jobs'
import { inkpool } from '../../../wailsjs/go/models'
import { EventsOn, OnFileDrop } from '../../../wailsjs/runtime/runtime'
import { BackendError, failureOf, type Backend } from './backend'
import type {
  About,
  Changes,
  Dropped,
  Engine,
  Job,
  LogEntry,
  Pack,
  PackWork,
  Page,
  Reading,
  Snapshot,
  Steps,
  Task,
} from './types'

/**
 * wailsBackend talks to the Go side of the desktop program. Call it once, at start: it also
 * has Wails install its drag listeners. Dropped paths are read in Go only, so the listener
 * for them is empty here.
 */
export function wailsBackend(): Backend {
  OnFileDrop(() => undefined, false)
  return {
    add: async (paths) => (await answer<Job | null>(jobs.Add(paths))) ?? undefined,
    pickFiles: (title, filterName) => list<string>(jobs.PickFiles(title, filterName)),
    pickFolder: (title) => list<string>(jobs.PickFolder(title)),
    snapshot: () => answer<Snapshot>(jobs.Snapshot()).then(withLists('jobs')),
    earlier: (before) => list<Job>(jobs.Earlier(before)),
    tasks: (job, from, limit) => list<Task>(jobs.Tasks(job, from, limit)),
    page: (task) => answer<Page>(jobs.Page(task)),
    log: (task) => list<LogEntry>(jobs.Log(task)),
    pause: ({ job, task }) => answer<undefined>(jobs.Pause(job, task)),
    resume: ({ job, task }) => answer<undefined>(jobs.Resume(job, task)),
    cancel: ({ job, task }) => answer<undefined>(jobs.Cancel(job, task)),
    retry: ({ job, task }, states) => answer<undefined>(jobs.Retry(job, task, states)),
    remove: ({ job, task }) => answer<undefined>(jobs.Remove(job, task)),
    reading: () => answer<Reading>(jobs.Reading()),
    setReading: (reading) =>
      answer<undefined>(jobs.SetReading(inkpool.Reading.createFrom(reading))),
    steps: () => answer<Steps>(jobs.Steps()),
    setSteps: (steps) => answer<undefined>(jobs.SetSteps(inkpool.Steps.createFrom(steps))),
    addSteps: (job, steps) =>
      answer<undefined>(jobs.AddSteps(job, inkpool.Steps.createFrom(steps))),
    again: ({ job, task }, reading, steps) =>
      answer<Job>(
        jobs.Again(job, task, inkpool.Reading.createFrom(reading), inkpool.Steps.createFrom(steps)),
      ),
    packs: async () => (await list<Pack>(jobs.Packs())).map(withPackLists),
    pickModel: (title, filterName) => list<string>(jobs.PickModel(title, filterName)),
    addPack: (paths) => answer<undefined>(jobs.AddPack(paths)),
    downloadPack: (id, accept) => answer<undefined>(jobs.DownloadPack(id, accept)),
    stopPack: (work) => answer<undefined>(jobs.StopPack(work)),
    removePack: (id, version) => answer<undefined>(jobs.RemovePack(id, version)),
    verifyPack: (id, version) => answer<boolean>(jobs.VerifyPack(id, version)),
    unlock: (task, password) => answer<Job>(jobs.Unlock(task, password)),
    exportJob: (job, format, title) => answer<string>(jobs.Export(job, format, title)),
    copy: (text) => answer<undefined>(jobs.Copy(text)),
    about: () => answer<About>(jobs.About()),
    reopen: () => answer<undefined>(jobs.Reopen()),
    engine: () => answer<Engine>(jobs.Engine()).then(withLists('devices', 'notices')),
    onChanges: (listener) =>
      EventsOn('changes', (changes: Changes) =>
        listener(withLists('jobs', 'gone', 'many', 'tasks')(changes)),
      ),
    onDropped: (listener) => EventsOn('dropped', (dropped: Dropped) => listener(dropped)),
    onPackWork: (listener) =>
      EventsOn('packs', ({ pack, ...work }: PackWork) =>
        listener({ ...work, ...(pack && { pack: withPackLists(pack) }) }),
      ),
    pictureUrl: (task) => `/media/task/${task}`,
    thumbnailUrl: (task) => `/media/task/${task}?thumb`,
  }
}

// Gives an answer our type, which is narrower than the generated one (states are not just any
// string); types.test.ts keeps the two in step. Refusals become BackendErrors.
async function answer<T>(asked: Promise<unknown>): Promise<T> {
  try {
    return (await asked) as T
  } catch (reason) {
    throw new BackendError(failureOf(reason))
  }
}

// The nil slices of Go arrive as null.
async function list<T>(asked: Promise<unknown>): Promise<T[]> {
  return (await answer<T[] | null>(asked)) ?? []
}

function withLists<K extends string>(...keys: K[]) {
  return <T extends Record<K, readonly unknown[]>>(value: T): T => {
    const lists = keys.map((key) => [key, (value[key] as readonly unknown[] | null) ?? []])
    return { ...value, ...(Object.fromEntries(lists) as Partial<T>) }
  }
}

function withPackLists(pack: Pack): Pack {
  return withLists('languages', 'from', 'to')(pack)
}
