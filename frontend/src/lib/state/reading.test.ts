import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FakeBackend } from '../api/fake'
import { Locale } from '../i18n/locale.svelte'
import { Notices } from './notices.svelte'
import { bundledScores, detectSides, isUsual, layouts, sources, tidied, workOf } from './reading'
import { ReadingChoice } from './reading.svelte'

const noMemory = { getItem: () => null, setItem: () => undefined }

function goSource(path: string): string {
  return readFileSync(`../backend/${path}`, 'utf8')
}

/** The values of the constants of a Go type. */
function constants(source: string, type: string): string[] {
  const pattern = new RegExp(`^\\s+\\w+\\s+${type}\\s+= "(\\w+)"`, 'gm')
  return [...source.matchAll(pattern)].map((match) => match[1] ?? '')
}

test('what can be chosen is what Go knows', () => {
  const source = goSource('inkpool/reading.go')
  expect(constants(source, 'Layout')).toEqual(layouts)
  expect(constants(source, 'TextSource')).toEqual(sources)
  const [least, most] = ['MinDetectSide', 'MaxDetectSide'].map((name) =>
    Number(new RegExp(`${name} = (\\d+)`).exec(source)?.[1]),
  )
  const [first, ...sides] = detectSides
  expect(first).toBe(0)
  expect(Math.min(...sides)).toBeGreaterThanOrEqual(least ?? NaN)
  expect(Math.max(...sides)).toBeLessThanOrEqual(most ?? NaN)
})

test('the sliders begin with the scores of the bundled model', () => {
  const source = goSource('ocr/numbers.go')
  expect(Number(/BoxThreshold:\s+([\d.]+)/.exec(source)?.[1])).toBe(bundledScores.box_score)
  expect(Number(/MinScore: ([\d.]+)/.exec(source)?.[1])).toBe(bundledScores.text_score)
})

test('what a size costs grows with its area', () => {
  expect(detectSides.slice(1).map(workOf)).toEqual([1, 2, 3, 5])
})

test('what is as usual is left out', () => {
  const usual = { pack: '', layout: 'lines', source: 'mixed', ignore: [], upright: false } as const
  const none = { detect_side: 0, box_score: 0, text_score: 0 }
  expect(tidied({ ...usual, ...none })).toEqual({})
  expect(tidied({ ...usual, layout: 'code', upright: true })).toEqual({
    layout: 'code',
    upright: true,
  })
  expect(isUsual(usual)).toBe(true)
  expect(isUsual(undefined)).toBe(true)
  expect(isUsual({ ignore: [{ left: 0, top: 0, right: 1, bottom: 1 }] })).toBe(false)
})

test('everything that differs is said in both languages', () => {
  const reading = {
    pack: 'v6',
    layout: 'code',
    source: 'text',
    ignore: [{ left: 0, top: 0, right: 1, bottom: 1 }],
    upright: true,
    detect_side: 1600,
    box_score: 0.4,
    text_score: 0.7,
  } as const
  const words = new Locale(['en'], noMemory).reading(reading)
  expect(words).toEqual([
    'Code',
    'PDF’s own text only',
    'nothing is turned',
    '1 area ignored',
    'lines found at 1,600 px',
    'text from 40% on',
    '70% sure or more',
    'model v6',
  ])
  expect(new Locale(['zh'], noMemory).reading({ layout: 'paragraphs' })).toEqual(['分段'])
  expect(new Locale(['en'], noMemory).reading({ layout: 'lines' })).toEqual([])
})

/** Answers when told to, in turn. */
class SlowBackend extends FakeBackend {
  waiting: (() => void)[] = []

  protected override async answer<T>(value: T): Promise<T> {
    await new Promise<void>((resolve) => this.waiting.push(resolve))
    return super.answer(value)
  }
}

test('a choice holds at once, and what is back to the usual is forgotten', async () => {
  const backend = new FakeBackend()
  const choice = new ReadingChoice(backend, new Notices())
  backend.readingNow = { layout: 'lines', upright: true }
  await choice.begin()
  expect(choice.value).toEqual({ upright: true })

  await choice.change({ layout: 'code', box_score: 0.4 })
  await choice.change({ upright: false, box_score: undefined })
  expect(backend.readingNow).toEqual({ layout: 'code' })
  expect(choice.isUsual).toBe(false)
  await choice.reset()
  expect(backend.readingNow).toEqual({})
  expect(choice.isUsual).toBe(true)
})

test('of many changes while one is being saved only the last is saved', async () => {
  const backend = new SlowBackend()
  const choice = new ReadingChoice(backend, new Notices())
  const saved = choice.change({ text_score: 0.1 })
  for (const score of [0.2, 0.3, 0.4]) void choice.change({ text_score: score })
  expect(choice.value.text_score).toBe(0.4)
  expect(backend.readingNow.text_score).toBe(0.1)
  backend.waiting.shift()?.()
  await expect.poll(() => backend.waiting.length).toBe(1)
  backend.waiting.shift()?.()
  await saved
  expect(backend.readingNow.text_score).toBe(0.4)
  expect(backend.waiting).toEqual([])
})

test('a choice that cannot be saved is told, and holds all the same', async () => {
  const backend = new FakeBackend()
  const notices = new Notices()
  const choice = new ReadingChoice(backend, notices)
  backend.failure = { code: 'disk_full', message: 'full' }
  await choice.change({ layout: 'raw' })
  expect(choice.value).toEqual({ layout: 'raw' })
  expect(notices.list).toMatchObject([{ failure: { code: 'disk_full' } }])
  await choice.begin() // Go cannot say
  expect(choice.value).toEqual({ layout: 'raw' })
})
