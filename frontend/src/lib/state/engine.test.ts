import { beforeEach, expect, test, vi } from 'vitest'
import { FakeBackend, fakeEngine } from '../api/fake'
import { askEveryMs, EngineWatch } from './engine.svelte'
import { Notices } from './notices.svelte'

let backend: FakeBackend
let notices: Notices
let watch: EngineWatch
let isHidden: boolean

beforeEach(() => {
  vi.useFakeTimers()
  backend = new FakeBackend()
  notices = new Notices()
  isHidden = false
  const page = document.implementation.createHTMLDocument()
  Object.defineProperty(page, 'hidden', { get: () => isHidden })
  watch = new EngineWatch(backend, notices, page)
  return () => vi.useRealTimers()
})

function pass(ms: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms)
}

test('it asks at once and every two seconds while somebody watches, and then forgets', async () => {
  backend.usage = fakeEngine({ resident_bytes: 5 })
  const stop = watch.watch()
  await pass(0)
  expect(watch.usage?.resident_bytes).toBe(5)
  await pass(3 * askEveryMs)
  expect(backend.usageAsked).toBe(4)

  stop()
  await pass(3 * askEveryMs)
  expect(watch.usage).toBeUndefined()
  expect(backend.usageAsked).toBe(5)
})

test('a hidden window asks nothing', async () => {
  isHidden = true
  const stop = watch.watch()
  await pass(3 * askEveryMs)
  expect(backend.usageAsked).toBe(0)

  isHidden = false
  await pass(askEveryMs)
  expect(backend.usageAsked).toBe(1)
  stop()
})

test('a restart of the engine is told once for each time the number grows', async () => {
  backend.usage = fakeEngine({ restarts: 2 })
  await watch.begin() // what was before the window looked is no news
  const stop = watch.watch()
  await pass(askEveryMs)
  expect(notices.list).toEqual([])

  backend.usage = fakeEngine({ restarts: 3 })
  await pass(2 * askEveryMs)
  expect(notices.list).toMatchObject([{ isWarning: true }])
  notices.dismiss(notices.list[0]?.id ?? 0)
  await pass(2 * askEveryMs)
  expect(notices.list).toEqual([])
  stop()
})

test('a restart over the last page is told as well', async () => {
  await watch.begin()
  const stop = watch.watch()
  await pass(0)
  backend.usage = fakeEngine({ restarts: 1 })
  stop()
  await pass(0)
  expect(notices.list).toHaveLength(1)
})

test('an engine that cannot be asked is asked again', async () => {
  const stop = watch.watch()
  await pass(0)
  backend.failure = { code: 'unavailable', message: 'closing' }
  await pass(askEveryMs)
  expect(watch.usage).toBeUndefined()
  expect(notices.list).toEqual([])

  backend.failure = undefined
  await pass(askEveryMs)
  expect(watch.usage).toBeDefined()
  stop()
})

test('an answer that comes after the watching has ended is not shown', async () => {
  watch.watch()()
  await pass(0)
  expect(watch.usage).toBeUndefined()
})
