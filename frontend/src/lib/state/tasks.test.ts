import { expect, test } from 'vitest'
import { FakeBackend, fakeTask } from '../api/fake'
import type { State, Task } from '../api/types'
import { Tasks, type Filter } from './tasks.svelte'

const every: State[] = ['queued', 'running', 'done', 'failed', 'cancelled', 'quarantined']

function backendWith(states: State[]): FakeBackend {
  const backend = new FakeBackend()
  backend.taskList = states.map((state, at) => fakeTask({ id: at + 1, index: at, state }))
  return backend
}

test.each<[Filter, State[]]>([
  ['all', every],
  ['done', ['done']],
  ['failed', ['failed', 'quarantined']],
])('the filter %s shows %j', async (filter, want) => {
  const tasks = new Tasks(backendWith(every))
  await tasks.open(1)
  tasks.filter = filter

  expect(tasks.shown.map((task) => task.state)).toEqual(want)
})

test('a change moves a task to the filter of its new state', async () => {
  const tasks = new Tasks(backendWith(['running', 'queued']))
  await tasks.open(1)
  tasks.filter = 'failed'
  const error = { code: 'invalid', message: 'damaged' }
  tasks.apply([{ id: 1, job: 1, state: 'failed', attempt: 1, error }])

  expect(tasks.shown).toEqual([fakeTask({ id: 1, state: 'failed', error })])
})

test('a task that is tried again loses its error', async () => {
  const backend = new FakeBackend()
  backend.taskList = [fakeTask({ state: 'failed', error: { code: 'timeout', message: 'slow' } })]
  const tasks = new Tasks(backend)
  await tasks.open(1)
  tasks.apply([{ id: 1, job: 1, state: 'running', attempt: 2 }])

  expect(tasks.list[0]?.error).toBeUndefined()
  expect(tasks.list[0]?.attempt).toBe(2)
})

test('changes of other jobs are ignored', async () => {
  const tasks = new Tasks(backendWith(['queued']))
  await tasks.open(1)
  tasks.apply([{ id: 1, job: 2, state: 'done', attempt: 1 }])

  expect(tasks.list[0]?.state).toBe('queued')
})

test('10,000 tasks are loaded in parts', async () => {
  const tasks = new Tasks(backendWith(Array.from({ length: 10_000 }, () => 'done')))
  await tasks.open(1)

  expect(tasks.list).toHaveLength(10_000)
  expect(tasks.list.every((task, at) => task.index === at)).toBe(true)
})

test('a change that overtakes the answer it belongs to is not lost', async () => {
  const backend = backendWith(['queued'])
  const tasks = new Tasks(backend)
  const loading = tasks.open(1)
  tasks.apply([{ id: 1, job: 1, state: 'done', attempt: 1 }])
  await loading

  expect(tasks.list[0]?.state).toBe('done')
})

test('the answer for a job that was left does not show up in the next one', async () => {
  const late: ((tasks: Task[]) => void)[] = []
  const backend = new FakeBackend()
  backend.tasks = () => new Promise((resolve) => late.push(resolve))
  const tasks = new Tasks(backend)
  const first = tasks.open(1)
  const second = tasks.open(2)
  late[1]?.([fakeTask({ id: 20, job: 2 })])
  late[0]?.([fakeTask({ id: 10, job: 1 })])
  await Promise.all([first, second])

  expect(tasks.list.map((task) => task.id)).toEqual([20])
  expect(tasks.loading).toBe(false)
})

test('a task is paused and goes on with the changes', async () => {
  const tasks = new Tasks(backendWith(['queued']))
  await tasks.open(1)
  tasks.apply([{ id: 1, job: 1, state: 'queued', held: true, attempt: 0 }])
  expect(tasks.hasHeld).toBe(true)
  tasks.apply([{ id: 1, job: 1, state: 'queued', attempt: 0 }])
  expect(tasks.hasHeld).toBe(false)
})

test("the refusal for a job that was left is nobody's concern", async () => {
  const backend = backendWith(['done'])
  const tasks = new Tasks(backend)
  backend.failure = { code: 'not_found', message: 'there is no job 1' }
  const first = tasks.open(1)
  await tasks.open(undefined)
  await expect(first).resolves.toBeUndefined()
})
