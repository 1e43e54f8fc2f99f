import { expect, test } from 'vitest'
import { fakeJob, fakeTask } from '../api/fake'
import type { Job, Task } from '../api/types'
import {
  choicesOfAll,
  choicesOfJob,
  choicesOfTask,
  shownState,
  type Choice,
  type JobChoice,
} from './choices'

test.each<[Partial<Task>, Choice[]]>([
  [{ state: 'queued' }, ['pause', 'stop', 'remove']],
  [{ state: 'queued', held: true }, ['resume', 'stop', 'remove']],
  [{ state: 'running' }, ['stop', 'remove']],
  [{ state: 'done' }, ['again', 'remove']],
  [{ state: 'failed' }, ['retry', 'again', 'remove']],
  [{ state: 'quarantined' }, ['retry', 'again', 'remove']],
  [{ state: 'cancelled' }, ['retryStopped', 'again', 'remove']],
])('a task %j can be told to %j', (task, want) => {
  expect(choicesOfTask(fakeTask(task))).toEqual(want)
})

test.each<[Partial<Job>, JobChoice[]]>([
  [{ state: 'queued', queued: 2 }, ['pause', 'stop', 'remove']],
  [{ state: 'paused', paused: true, queued: 2 }, ['resume', 'stop', 'remove']],
  [{ state: 'running', paused: true, running: 1 }, ['resume', 'stop', 'remove']],
  [{ state: 'running', running: 1 }, ['stop', 'remove']],
  [{ state: 'running', running: 1, failed: 1 }, ['stop', 'retry', 'remove']],
  [{ state: 'done', done: 2 }, ['translate', 'label', 'again', 'remove']],
  [{ state: 'failed', done: 1, failed: 1 }, ['retry', 'translate', 'label', 'again', 'remove']],
  [{ state: 'failed', failed: 1, cancelled: 1 }, ['retry', 'retryStopped', 'again', 'remove']],
])('a job %j can be told to %j', (job, want) => {
  expect(choicesOfJob(fakeJob(job))).toEqual(want)
})

test('a job of which single files are paused can be resumed', () => {
  const job = fakeJob({ state: 'queued', queued: 2 })
  expect(choicesOfJob(job, true)).toEqual(['pause', 'resume', 'stop', 'remove'])
})

test('all jobs together offer what any of them does, but never to remove everything', () => {
  const jobs = [
    fakeJob({ state: 'paused', paused: true, queued: 1 }),
    fakeJob({ state: 'failed', failed: 1 }),
  ]
  expect(choicesOfAll(jobs, false)).toEqual(['resume', 'stop', 'retry'])
  expect(choicesOfAll([fakeJob()], false)).toEqual([])
  expect(choicesOfAll([fakeJob()], true)).toHaveLength(5)
})

test('only what waits can be seen as paused', () => {
  expect(shownState(fakeTask({ state: 'queued', held: true }))).toBe('paused')
  expect(shownState(fakeTask({ state: 'running', held: true }))).toBe('running')
})
