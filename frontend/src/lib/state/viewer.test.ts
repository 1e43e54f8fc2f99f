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
  const backend = new FakeBackend()
  backend.pages.set(1, fakePage([], { status: 'running' }))
  const viewer = new Viewer(backend)
  await viewer.open(fakeTask({ state: 'running' }))
  expect(viewer.page).toBeUndefined()

  backend.pages.set(1, fakePage(['one']))
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

test('what was read stays on view while more is done with it', async () => {
  const backend = backendWith(['one'])
  const viewer = new Viewer(backend)
  await viewer.open(fakeTask())
  for (const state of ['queued', 'running'] as const) {
    const moved = viewer.follow(fakeTask({ state }))
    expect(viewer.page?.text).toBe('one')
    await moved
  }
  backend.pages.set(1, fakePage(['one'], { translation: { from: 'en', to: 'zh', text: '一' } }))
  await viewer.follow(fakeTask())
  expect(viewer.page?.translation?.text).toBe('一')
})

test('what was read before is on view at once, also of a task that runs', async () => {
  const viewer = new Viewer(backendWith(['one']))
  await viewer.open(fakeTask({ state: 'running' }))
  expect(viewer.page?.text).toBe('one')
})

test('the choice of a sentence stays in the text, and the pointer goes before it', async () => {
  const backend = new FakeBackend()
  const segments = ['A.', 'B.'].map((source) => ({ source, target: source }))
  const translation = { from: 'en', to: 'zh', text: 'A. B.', segments }
  backend.pages.set(1, fakePage(['A. B.'], { translation }))
  const viewer = new Viewer(backend)
  await viewer.open(fakeTask())
  viewer.chooseSentence(9)
  expect(viewer.sentence).toBe(1)
  viewer.pointSentence(0)
  expect(viewer.sentence).toBe(0)
  viewer.pointSentence(undefined)
  expect(viewer.sentence).toBe(1)
  await viewer.open(fakeTask({ id: 1 }))
  expect(viewer.sentence).toBeUndefined()
})
