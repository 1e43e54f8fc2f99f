import { expect, test } from 'vitest'
import { FakeBackend, fakePage, fakeTask } from '../api/fake'
import { Viewer } from './viewer.svelte'

function backendWith(texts: string[]): FakeBackend {
  const backend = new FakeBackend()
  backend.pages.set(1, fakePage(texts))
  return backend
}

test('the choice of a line stays on the page', async () => {
  const viewer = new Viewer(backendWith(['one', 'two']))
  await viewer.open(fakeTask())
  viewer.choose(7)
  expect(viewer.line).toBe(1)
  viewer.choose(-1)
  expect(viewer.line).toBe(0)
  viewer.choose(undefined)
  expect(viewer.line).toBeUndefined()
})

test('a task that is still waiting has its page fetched when it ends', async () => {
  const viewer = new Viewer(backendWith(['one']))
  await viewer.open(fakeTask({ state: 'running' }))
  expect(viewer.page).toBeUndefined()

  await viewer.follow(fakeTask({ state: 'done' }))
  expect(viewer.page?.text).toBe('one')
})

test('news of other tasks change nothing', async () => {
  const viewer = new Viewer(backendWith(['one']))
  await viewer.open(fakeTask())
  await viewer.follow(fakeTask({ id: 2, state: 'failed' }))

  expect(viewer.task?.id).toBe(1)
  expect(viewer.page?.text).toBe('one')
})

test('a page that cannot be fetched leaves the reason', async () => {
  const viewer = new Viewer(new FakeBackend())
  await viewer.open(fakeTask({ id: 5 }))

  expect(viewer.problem?.code).toBe('not_found')
})

test('lines below the limit are counted', async () => {
  const backend = new FakeBackend()
  const page = fakePage(['sure', 'unsure', 'at the limit'])
  const scores = [0.99, 0.79, 0.8]
  page.lines?.forEach((line, at) => (line.score = scores[at] ?? 0))
  backend.pages.set(1, page)
  const viewer = new Viewer(backend)
  await viewer.open(fakeTask())

  expect(viewer.lowCount).toBe(1)
})

test('a task that is tried again loses what came of it before', async () => {
  const backend = new FakeBackend()
  const error = { code: 'timeout', message: 'slow' }
  backend.pages.set(1, fakePage([], { status: 'failed', error }))
  const viewer = new Viewer(backend)
  await viewer.open(fakeTask({ state: 'failed', error }))
  await viewer.follow(fakeTask({ state: 'queued' }))

  expect(viewer.page).toBeUndefined()
})
