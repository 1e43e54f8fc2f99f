import { expect, test, vi } from 'vitest'
import { FakeBackend, fakeTask } from '../api/fake'
import { Notices } from './notices.svelte'
import { isLocked, Unlock } from './unlock.svelte'

function make() {
  const backend = new FakeBackend()
  const notices = new Notices()
  const onshow = vi.fn()
  return { backend, notices, onshow, unlock: new Unlock(backend, notices, onshow) }
}

const error = { code: 'encrypted', message: 'locked' }
const task = fakeTask({ id: 4, state: 'failed', error })

test('the right password shows the job in which the document is read', async () => {
  const { unlock, onshow } = make()
  expect(await unlock.submit(task, 'sesame')).toBe(true)
  expect(onshow).toHaveBeenCalledWith(expect.objectContaining({ title: 'unlocked 4' }))
})

test('a wrong password is said of its own task, until another is tried', async () => {
  const { unlock, onshow, notices } = make()
  expect(await unlock.submit(task, 'wrong')).toBe(false)
  expect(unlock.isWrong(task)).toBe(true)
  expect(unlock.isWrong(fakeTask({ id: 5 }))).toBe(false)
  expect(notices.list).toEqual([])
  expect(onshow).not.toHaveBeenCalled()

  await unlock.submit(task, 'sesame')
  expect(unlock.isWrong(task)).toBe(false)
})

test('one password is tried at a time, and no empty one', async () => {
  const { unlock, onshow } = make()
  expect(await unlock.submit(task, '')).toBe(false)
  expect(unlock.isWrong(task)).toBe(false)
  const first = unlock.submit(task, 'sesame')
  expect(unlock.isTrying(task)).toBe(true)
  expect(await unlock.submit(fakeTask({ id: 5 }), 'sesame')).toBe(false)
  await first
  expect(unlock.isTrying(task)).toBe(false)
  expect(onshow).toHaveBeenCalledOnce()
})

test('what else goes wrong is told', async () => {
  const { unlock, backend, notices } = make()
  backend.failure = { code: 'not_found', message: 'gone' }
  await unlock.submit(task, 'sesame')
  expect(unlock.isWrong(task)).toBe(false)
  expect(notices.list).toMatchObject([{ failure: { code: 'not_found' } }])
})

test('what failed for want of a password is locked', () => {
  expect(isLocked(task)).toBe(true)
  expect(isLocked(fakeTask({ state: 'queued', error }))).toBe(false)
  expect(isLocked(fakeTask({ state: 'failed', error: { ...error, code: 'invalid' } }))).toBe(false)
})
