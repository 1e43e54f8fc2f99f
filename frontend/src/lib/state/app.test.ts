import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeBackend, fakeJob, fakePage, fakeTask, fakeTranslator } from '../api/fake'
import { Locale } from '../i18n/locale.svelte'
import { announceEveryMs } from './announcer.svelte'
import { App } from './app.svelte'
import { gapPatienceMs } from './feed'
import { noticeMs } from './notices.svelte'

const noMemory = { getItem: () => null, setItem: () => undefined }

let backend: FakeBackend
let app: App
let stop: () => void

async function start(): Promise<void> {
  stop = app.listen()
  await settle()
}

function settle(): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(0)
}

beforeEach(() => {
  vi.useFakeTimers()
  backend = new FakeBackend()
  backend.jobs = [fakeJob({ id: 1, tasks: 3, done: 2, failed: 1, state: 'failed' })]
  backend.taskList = [
    fakeTask({ id: 1, index: 0 }),
    fakeTask({ id: 2, index: 1, state: 'failed' }),
    fakeTask({ id: 3, index: 2 }),
  ]
  backend.pages.set(1, fakePage(['one']))
  backend.pages.set(2, fakePage([], { status: 'failed' }))
  backend.pages.set(3, fakePage(['three']))
  app = new App(backend, new Locale(['en'], noMemory))
})

afterEach(() => {
  stop()
  vi.useRealTimers()
})

test('the newest job and its first file are open after the start', async () => {
  await start()
  expect(app.job?.id).toBe(1)
  expect(app.viewer.page?.text).toBe('one')
})

test('what is dropped is opened', async () => {
  await start()
  backend.taskList.push(fakeTask({ id: 9, job: 2 }))
  backend.drop({ job: fakeJob({ id: 2, state: 'queued', tasks: 1, queued: 1 }) })
  await settle()

  expect(app.job?.id).toBe(2)
  expect(app.viewer.task?.id).toBe(9)
})

test('a drop that Go refuses is told', async () => {
  await start()
  backend.drop({ error: { code: 'permission', message: 'no' } })

  const [notice] = app.notices.list
  expect(notice && 'failure' in notice && notice.failure.code).toBe('permission')
})

test('a batch reaches the job, its files and the result on view', async () => {
  backend.taskList[0] = fakeTask({ id: 1, state: 'running' })
  backend.pages.set(1, fakePage([], { status: 'running' }))
  await start()
  expect(app.viewer.page).toBeUndefined()
  backend.pages.set(1, fakePage(['one']))
  const change = { id: 1, job: 1, state: 'done' as const, attempt: 1 }
  backend.emit({ seq: 1, jobs: [fakeJob({ id: 1, done: 3 })], tasks: [change] })
  await settle()

  expect(app.job?.done).toBe(3)
  expect(app.tasks.list[0]?.state).toBe('done')
  expect(app.viewer.page?.text).toBe('one')
})

test('all text is that of the done files, in the order of input', async () => {
  await start()
  app.copyAll()
  await settle()

  expect(backend.copied).toEqual(['one\n\nthree'])
  expect(app.copying).toBeUndefined()
})

test('the next file is the next one on view', async () => {
  await start()
  app.tasks.filter = 'done'
  app.stepTask(1)
  expect(app.viewer.task?.id).toBe(3)
  app.stepTask(1)
  expect(app.viewer.task?.id).toBe(3)
  app.stepTask(-1)
  expect(app.viewer.task?.id).toBe(1)
})

test('closing a dialog adds nothing', async () => {
  await start()
  app.addFiles()
  await settle()
  expect(backend.jobs).toHaveLength(1)
  expect(app.notices.list).toEqual([])
})

test('good news go by themselves, failures stay and are not repeated', async () => {
  await start()
  app.copy('text')
  app.copy('other text')
  await settle()
  expect(app.notices.list).toHaveLength(1)
  backend.failure = { code: 'disk_full', message: 'full' }
  app.copy('text')
  app.copy('text')
  await settle()
  expect(app.notices.list).toHaveLength(2)

  await vi.advanceTimersByTimeAsync(noticeMs)
  expect(app.notices.list).toHaveLength(1)
})

test('a history that cannot be loaded says why, and retry loads it', async () => {
  backend.failure = { code: 'unavailable', message: 'starting' }
  await start()
  expect(app.problem?.code).toBe('unavailable')
  expect(app.ready).toBe(false)

  backend.failure = undefined
  app.retry()
  await settle()
  expect(backend.reopened).toBe(1)
  expect(app.problem).toBeUndefined()
  expect(app.jobs.list).toHaveLength(1)
})

test('progress is announced no faster than it can be heard', async () => {
  await start()
  const say = () => app.announcer.words?.(app.locale.t)
  for (const seq of [1, 2, 3]) {
    const counts = { tasks: 9, done: seq, running: 1, queued: 8 - seq }
    backend.emit({ seq, jobs: [fakeJob({ id: 1, state: 'running', ...counts })] })
  }
  expect(say()).toBe('scan.png: 1 of 9')

  await vi.advanceTimersByTimeAsync(announceEveryMs)
  expect(say()).toBe('scan.png: 3 of 9')
})

test('a removed job leaves the history, and its open result closes', async () => {
  await start()
  backend.emit({ seq: 1, gone: [1] })
  await settle()

  expect(app.jobs.list).toEqual([])
  expect(app.job).toBeUndefined()
  expect(app.tasks.list).toEqual([])
  expect(app.viewer.task).toBeUndefined()
  expect(app.notices.list).toEqual([])
})

test('the removal of another job leaves the open one alone', async () => {
  backend.jobs.push(fakeJob({ id: 0 }))
  await start()
  backend.emit({ seq: 1, gone: [0] })
  await settle()

  expect(app.viewer.page?.text).toBe('one')
})

test('when many files of the open job have changed they are read again', async () => {
  await start()
  backend.taskList = [fakeTask({ id: 1 }), fakeTask({ id: 2, index: 1, state: 'queued' })]
  backend.emit({ seq: 1, jobs: backend.jobs, many: [1] })
  await settle()

  expect(app.tasks.list.map((task) => task.state)).toEqual(['done', 'queued'])
  expect(app.viewer.task?.id).toBe(1)
})

test('a removed file takes its result along, and the rest moves up', async () => {
  await start()
  backend.taskList = [fakeTask({ id: 2 }), fakeTask({ id: 3, index: 1 })]
  backend.emit({ seq: 1, jobs: backend.jobs, many: [1] })
  await settle()

  expect(app.viewer.task).toBeUndefined()
  expect(app.tasks.list.map((task) => task.index)).toEqual([0, 1])
})

test('many changes of another job read nothing', async () => {
  await start()
  backend.taskList = []
  backend.emit({ seq: 1, many: [2] })
  await settle()
  expect(app.tasks.list).toHaveLength(3)
})

test('a job that was removed while the feed had a gap closes as well', async () => {
  await start()
  backend.jobs = [fakeJob({ id: 5 })]
  backend.seq = 3
  backend.emit({ seq: 3 })
  await vi.advanceTimersByTimeAsync(gapPatienceMs)

  expect(app.jobs.list.map((job) => job.id)).toEqual([5])
  expect(app.job).toBeUndefined()
  expect(app.viewer.task).toBeUndefined()
})

test('what an earlier run had left is told until it has been read', async () => {
  backend.aboutThis = { recovered: 3, quarantined: 1 }
  await start()
  expect(app.recovered).toEqual({ again: 3, aside: 1 })
  app.dismissRecovered()
  expect(app.recovered).toBeUndefined()
})

test('a run that ended well is not mentioned', async () => {
  await start()
  expect(app.recovered).toBeUndefined()
})

const strip = { left: 0, top: 0, right: 1, bottom: 0.1 }

test('a file is read again as it was, but for the areas, and the new job opens', async () => {
  backend.jobs[0] = fakeJob({ id: 1, reading: { layout: 'code', upright: false } })
  await start()
  app.viewer.areas.begin([])
  app.readWithout([strip], { job: 1, task: 3 })
  await settle()

  const want = { layout: 'code', ignore: [strip] }
  expect(backend.readAgain).toEqual([[{ job: 1, task: 3 }, want, {}]])
  expect(app.job).toMatchObject({ title: 'again', reading: want })
  expect(app.viewer.areas.isOn).toBe(false)
})

test('a job is read again as chosen now', async () => {
  backend.readingNow = { layout: 'paragraphs' }
  await start()
  await app.steering.job('again', fakeJob({ id: 1 }))
  expect(backend.readAgain).toEqual([[{ job: 1, task: 0 }, { layout: 'paragraphs' }, {}]])
})

test('areas can be ignored from now on, beside what else was chosen', async () => {
  backend.readingNow = { layout: 'paragraphs' }
  await start()
  app.viewer.areas.begin([])
  app.ignore([strip])
  await settle()
  expect(backend.readingNow).toEqual({ layout: 'paragraphs', ignore: [strip] })
  expect(app.viewer.areas.isOn).toBe(false)
  expect(app.notices.list).toHaveLength(1)
})

test('areas that are being chosen stay from page to page of a job', async () => {
  await start()
  app.viewer.areas.begin([strip])
  app.stepTask(1)
  await settle()
  expect(app.viewer.areas.list).toEqual([strip])
  app.openJob(fakeJob({ id: 5 }))
  await settle()
  expect(app.viewer.areas.isOn).toBe(false)
})

test('an unlocked document opens in its new job', async () => {
  await start()
  await app.unlock.submit(fakeTask({ id: 2, state: 'failed' }), 'sesame')
  await settle()
  expect(app.job?.title).toBe('unlocked 2')
})

test('models that are dropped are installed, and what they can do is offered at once', async () => {
  await start()
  expect(app.models.able).toEqual([])
  backend.packList.push(fakeTranslator('en', 'zh'))
  backend.tellWork({ id: 1, state: 'done' })
  await settle()
  expect(app.models.able).toEqual(['translate'])
  expect(app.models.works).toHaveLength(1)
})

test('steps that name a model that is gone are told until there is one', async () => {
  backend.stepsNow = { translate: { to: 'zh', pack: 'opus-mt-en-zh' } }
  await start()
  expect(app.steps.missing).toEqual({ to: 'zh', pack: 'opus-mt-en-zh' })
  backend.packList.push(fakeTranslator('en', 'zh'))
  backend.tellWork({ id: 1, state: 'done' })
  await settle()
  expect(app.steps.missing).toBeUndefined()
})
