import { expect, test } from 'vitest'
import { FakeBackend, fakeTask } from '../api/fake'
import { TaskLog } from './tasklog.svelte'

const entry = { at_ms: 1, attempt: 1, what: 'running' }

test('a log is fetched when it is shown, and again when its task has changed', async () => {
  const backend = new FakeBackend()
  backend.logs.set(1, [entry])
  const log = new TaskLog(backend)
  await log.follow(fakeTask({ state: 'running' }))
  expect(log.entries).toBeUndefined()

  await log.show(true)
  expect(log.entries).toEqual([entry])
  backend.logs.set(1, [entry, { ...entry, what: 'done' }])
  await log.follow(fakeTask({ state: 'done' }))
  expect(log.entries).toHaveLength(2)
})

test('it stays on view from task to task, and never shows the log of the one before', async () => {
  const backend = new FakeBackend()
  backend.logs.set(1, [entry])
  const log = new TaskLog(backend)
  await log.follow(fakeTask())
  await log.show(true)
  const next = log.follow(fakeTask({ id: 2 }))
  expect(log.entries).toBeUndefined()
  await next
  expect(log.isShown).toBe(true)
  expect(log.entries).toEqual([])
})

test('a log that cannot be fetched leaves the reason', async () => {
  const backend = new FakeBackend()
  const log = new TaskLog(backend)
  await log.follow(fakeTask())
  backend.failure = { code: 'not_found', message: 'there is no task 1' }
  await log.show(true)
  expect(log.problem?.code).toBe('not_found')
})
