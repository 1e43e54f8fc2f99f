import { beforeEach, expect, test, vi } from 'vitest'
import { FakeBackend, fakeJob, fakeTask } from '../api/fake'
import type { Scope } from '../api/types'
import type { Step } from './adding.svelte'
import type { Choice, ChoiceOfAll } from './choices'
import { Notices } from './notices.svelte'
import { Steering } from './steering.svelte'

let backend: FakeBackend
let notices: Notices
let steering: Steering
let repeated: Scope[]
let added: [step: Step, job: number][]

beforeEach(() => {
  vi.useFakeTimers()
  backend = new FakeBackend()
  notices = new Notices()
  repeated = []
  added = []
  steering = new Steering(backend, notices, {
    again: async (scope) => {
      await backend.again(scope, {}, {})
      repeated.push(scope)
    },
    add: (step, job) => added.push([step, job.id]),
  })
  return () => vi.useRealTimers()
})

test.each<[Choice, unknown[]]>([
  ['pause', ['pause', { job: 3, task: 7 }]],
  ['resume', ['resume', { job: 3, task: 7 }]],
  ['stop', ['cancel', { job: 3, task: 7 }]],
  ['retry', ['retry', { job: 3, task: 7 }, ['failed', 'quarantined']]],
  ['retryStopped', ['retry', { job: 3, task: 7 }, ['cancelled']]],
])('%s reaches the backend for the task that is meant', async (choice, want) => {
  await steering.task(choice, fakeTask({ id: 7, job: 3 }))
  expect(backend.steered).toEqual([want])
})

test.each<ChoiceOfAll>(['pause', 'resume', 'stop', 'retry'])(
  '%s can be meant for all',
  async (choice) => {
    await steering.all(choice)
    expect(backend.steered[0]?.[1]).toEqual({ job: 0, task: 0 })
  },
)

test('nothing is removed before the person has confirmed it', async () => {
  await steering.job('remove', fakeJob({ id: 3, title: 'scans', tasks: 12 }))
  expect(steering.removal).toEqual({ scope: { job: 3, task: 0 }, name: 'scans', tasks: 12 })
  expect(backend.steered).toEqual([])

  await steering.confirm()
  expect(backend.steered).toEqual([['remove', { job: 3, task: 0 }]])
  expect(steering.removal).toBeUndefined()
  expect(notices.list).toHaveLength(1)
})

test('what the person wants to keep stays', async () => {
  await steering.task('remove', fakeTask())
  steering.decline()
  await steering.confirm()
  expect(backend.steered).toEqual([])
})

test('a job and one of its files can be read again', async () => {
  await steering.job('again', fakeJob({ id: 3 }))
  await steering.task('again', fakeTask({ id: 7, job: 3 }))
  expect(repeated).toEqual([
    { job: 3, task: 0 },
    { job: 3, task: 7 },
  ])

  backend.failure = { code: 'not_found', message: 'gone' }
  await steering.task('again', fakeTask())
  expect(notices.list).toMatchObject([{ failure: { code: 'not_found' } }])
})

test('what Go refuses is told', async () => {
  backend.failure = { code: 'conflict', message: 'it is running' }
  await steering.task('pause', fakeTask())
  expect(notices.list).toMatchObject([{ failure: { code: 'conflict' } }])
})

test.each<Step>(['translate', 'label'])('how to %s a job is asked first', async (step) => {
  await steering.job(step, fakeJob({ id: 3 }))
  expect(added).toEqual([[step, 3]])
  expect(backend.steered).toEqual([])
})
