import { afterEach, expect, test, vi } from 'vitest'
import type { BackendError } from './backend'
import { wailsBackend } from './wails'

afterEach(() => vi.unstubAllGlobals())

/** The backend in a window as Wails prepares it, whose methods answer what is given here. */
function backendWith(answers: Record<string, () => Promise<unknown>>) {
  const listeners = new Map<string, (data: unknown) => void>()
  const runtime = {
    EventsOnMultiple: (name: string, listener: (data: unknown) => void) => {
      listeners.set(name, listener)
      return () => listeners.delete(name)
    },
    OnFileDrop: vi.fn(),
  }
  vi.stubGlobal('runtime', runtime)
  vi.stubGlobal('go', { desktop: { Jobs: answers } })
  return { backend: wailsBackend(), runtime, listeners }
}

test('Wails is asked once to install its drag listeners, for the whole window', () => {
  const { runtime } = backendWith({})
  expect(runtime.OnFileDrop).toHaveBeenCalledTimes(1)
  expect(runtime.OnFileDrop.mock.calls[0]?.[1]).toBe(false)
})

test('the nil slices of Go are empty lists', async () => {
  const { backend } = backendWith({
    PickFiles: () => Promise.resolve(null),
    Tasks: () => Promise.resolve(null),
    Snapshot: () => Promise.resolve({ seq: 3, jobs: null }),
  })
  expect(await backend.pickFiles('', '')).toEqual([])
  expect(await backend.tasks(1, 0, 10)).toEqual([])
  expect(await backend.snapshot()).toEqual({ seq: 3, jobs: [] })
})

test('a refusal keeps its code', async () => {
  const refusal = new Error('{"code":"conflict","message":"already stopped"}')
  const { backend } = backendWith({ Cancel: () => Promise.reject(refusal) })
  const reason = await backend
    .cancel({ job: 1, task: 0 })
    .catch((error: unknown) => error as BackendError)
  expect(reason?.failure).toEqual({ code: 'conflict', message: 'already stopped' })
})

test('a scope and the states to retry reach Go in its order', async () => {
  const Retry = vi.fn(() => Promise.resolve())
  const { backend } = backendWith({ Retry })
  await backend.retry({ job: 3, task: 7 }, ['failed'])
  expect(Retry).toHaveBeenCalledWith(3, 7, ['failed'])
})

test('batches of changes are passed on until the undo is called', () => {
  const { backend, listeners } = backendWith({})
  const heard = vi.fn()
  const stop = backend.onChanges(heard)
  listeners.get('changes')?.({ seq: 1, jobs: null, gone: null, many: null, tasks: null })
  expect(heard).toHaveBeenCalledWith({ seq: 1, jobs: [], gone: [], many: [], tasks: [] })
  stop()
  expect(listeners.has('changes')).toBe(false)
})

test('what is known of packs has its lists, and a drop of packs alone is no job', async () => {
  const pack = { id: 'p', languages: ['en'], from: null, to: null }
  const { backend, listeners } = backendWith({
    Packs: () => Promise.resolve([pack]),
    Add: () => Promise.resolve(null),
  })
  const whole = { ...pack, from: [], to: [] }
  expect(await backend.packs()).toEqual([whole])
  expect(await backend.add(['/models'])).toBeUndefined()
  const heard = vi.fn()
  backend.onPackWork(heard)
  listeners.get('packs')?.({ id: 1, state: 'done', pack })
  expect(heard).toHaveBeenCalledWith({ id: 1, state: 'done', pack: whole })
})
