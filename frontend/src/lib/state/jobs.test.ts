import { expect, test } from 'vitest'
import { FakeBackend, fakeJob } from '../api/fake'
import { Jobs, jobsPerAnswer } from './jobs.svelte'

/** Jobs with these ids, newest first. */
function jobs(newest: number, count: number) {
  return Array.from({ length: count }, (_, at) => fakeJob({ id: newest - at }))
}

function ids(state: Jobs): number[] {
  return state.list.map((job) => job.id)
}

test('a change replaces its job, and a new job goes to the top', async () => {
  const state = new Jobs(new FakeBackend())
  await state.reset(jobs(2, 2))
  state.apply([fakeJob({ id: 3 }), fakeJob({ id: 1, done: 7 })])

  expect(ids(state)).toEqual([3, 2, 1])
  expect(state.find(1)?.done).toBe(7)
})

test('a job that was added does not undo what the feed has told of it', async () => {
  const state = new Jobs(new FakeBackend())
  await state.reset([])
  state.apply([fakeJob({ id: 1, state: 'running' })])
  state.added(fakeJob({ id: 1, state: 'queued' }))

  expect(state.find(1)?.state).toBe('running')
})

test('the past is loaded step by step until its end', async () => {
  const backend = new FakeBackend()
  backend.older = jobs(300, 300)
  const state = new Jobs(backend)
  await state.reset(jobs(500, jobsPerAnswer))
  expect(state.hasEarlier).toBe(true)

  await state.loadEarlier()
  expect(state.list).toHaveLength(400)
  expect(state.hasEarlier).toBe(true)
  await state.loadEarlier()
  expect(state.list).toHaveLength(500)
  expect(state.hasEarlier).toBe(false)
})

test('a change to a job that is further back than the view leaves no hole', async () => {
  const state = new Jobs(new FakeBackend())
  await state.reset(jobs(500, jobsPerAnswer))
  state.apply([fakeJob({ id: 12 })])

  expect(state.find(12)).toBeUndefined()
})

test('after a reset the view reaches as far back as before', async () => {
  const backend = new FakeBackend()
  backend.older = jobs(300, 300)
  const state = new Jobs(backend)
  await state.reset(jobs(500, jobsPerAnswer))
  await state.loadEarlier()
  await state.reset(jobs(500, jobsPerAnswer))

  expect(state.list).toHaveLength(400)
})

test('a removed job does not come back with an answer that was on its way', async () => {
  const backend = new FakeBackend()
  backend.older = jobs(300, 3)
  const state = new Jobs(backend)
  await state.reset(jobs(500, jobsPerAnswer))
  const loading = state.loadEarlier()
  state.drop([500, 299])
  await loading

  expect(ids(state)).not.toContain(500)
  expect(ids(state).slice(-2)).toEqual([300, 298])
})

test.each([
  [{ state: 'queued' as const, queued: 1 }, true],
  [{ state: 'running' as const, running: 1, paused: true }, true],
  [{ state: 'paused' as const, queued: 1, paused: true }, false],
  [{ state: 'done' as const, done: 1 }, false],
])('with a job %j it is busy: %s', async (job, want) => {
  const state = new Jobs(new FakeBackend())
  await state.reset([fakeJob(job)])
  expect(state.isBusy).toBe(want)
})
