import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeBackend, fakeJob } from '../api/fake'
import type { Snapshot } from '../api/types'
import { Feed, gapPatienceMs } from './feed'

/** A backend whose snapshots are answered when the test says so. */
class SlowBackend extends FakeBackend {
  asked: ((snapshot: Snapshot) => void)[] = []

  override snapshot(): Promise<Snapshot> {
    return new Promise((resolve) => this.asked.push(resolve))
  }

  async answerSnapshot(seq: number): Promise<void> {
    this.asked.shift()?.({ seq, jobs: [] })
    await vi.advanceTimersByTimeAsync(0)
  }
}

function started(backend: FakeBackend) {
  const heard: string[] = []
  const feed = new Feed(backend, {
    reset: (snapshot) => heard.push(`reset ${snapshot.seq}`),
    apply: (changes) => heard.push(`apply ${changes.seq}`),
    failed: () => heard.push('failed'),
  })
  return { feed, heard, stop: feed.listen() }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('batches that come before the snapshot are held, and dropped when it has them', async () => {
  const backend = new SlowBackend()
  const { heard } = started(backend)
  for (const seq of [4, 5, 6, 7]) backend.emit({ seq })
  expect(heard).toEqual([])

  await backend.answerSnapshot(5)
  expect(heard).toEqual(['reset 5', 'apply 6', 'apply 7'])
})

test('batches that overtook each other are put in order without a new snapshot', async () => {
  const backend = new SlowBackend()
  const { heard } = started(backend)
  await backend.answerSnapshot(0)
  for (const seq of [3, 1, 4, 2]) backend.emit({ seq })
  await vi.advanceTimersByTimeAsync(10 * gapPatienceMs)

  expect(heard).toEqual(['reset 0', 'apply 1', 'apply 2', 'apply 3', 'apply 4'])
  expect(backend.asked).toHaveLength(0)
})

test('a batch that was told twice is applied once', async () => {
  const backend = new SlowBackend()
  const { heard } = started(backend)
  await backend.answerSnapshot(0)
  for (const seq of [1, 1, 2, 1]) backend.emit({ seq })

  expect(heard).toEqual(['reset 0', 'apply 1', 'apply 2'])
})

test('a gap that stays open leads to a new snapshot', async () => {
  const backend = new SlowBackend()
  const { heard } = started(backend)
  await backend.answerSnapshot(0)
  backend.emit({ seq: 1 })
  backend.emit({ seq: 3 })
  await vi.advanceTimersByTimeAsync(gapPatienceMs - 1)
  expect(backend.asked).toHaveLength(0)

  await vi.advanceTimersByTimeAsync(1)
  expect(backend.asked).toHaveLength(1)
  await backend.answerSnapshot(3)
  backend.emit({ seq: 4 })
  expect(heard).toEqual(['reset 0', 'apply 1', 'reset 3', 'apply 4'])
})

test('a snapshot that fails is told, and resync tries again', async () => {
  const backend = new FakeBackend()
  backend.jobs = [fakeJob()]
  backend.failure = { code: 'unavailable', message: 'starting' }
  const { feed, heard } = started(backend)
  await vi.advanceTimersByTimeAsync(0)
  expect(heard).toEqual(['failed'])

  backend.failure = undefined
  await feed.resync()
  expect(heard).toEqual(['failed', 'reset 0'])
})

test('nothing is delivered after it was stopped', async () => {
  const backend = new SlowBackend()
  const { heard, stop } = started(backend)
  stop()
  backend.emit({ seq: 1 })
  await backend.answerSnapshot(0)
  expect(heard).toEqual([])
})
