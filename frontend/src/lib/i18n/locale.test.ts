import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { en } from './en'
import { Locale, type Language } from './locale.svelte'
import { zh } from './zh'

const noMemory = { getItem: () => null, setItem: () => undefined }
const languages: Language[] = ['en', 'zh']

/** Every key of a tree of messages, as dotted paths. */
function keysOf(tree: object, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? keysOf(value, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  )
}

/** The text of every message; those with arguments are called with 1. */
function textsOf(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) => {
    if (typeof value === 'function') return [String(value(1, 1, 1))]
    return typeof value === 'object' && value !== null ? textsOf(value) : [String(value)]
  })
}

/** The codes that Go can send, from its source. */
function goCodes(): string[] {
  const source = readFileSync('../backend/inkpool/error.go', 'utf8')
  return [...source.matchAll(/^\s+Code\w+\s+(?:Code\s+)?= "(\w+)"/gm)].map(
    (match) => match[1] ?? '',
  )
}

test('both languages have the same keys, and no text is empty', () => {
  expect(keysOf(zh)).toEqual(keysOf(en))
  for (const text of [...textsOf(en), ...textsOf(zh)]) expect(text.trim()).not.toBe('')
})

test('every code of Go has a sentence and a hint in both languages', () => {
  const codes = goCodes()
  expect(codes).toContain('internal')
  expect(Object.keys(en.errors).sort()).toEqual(codes.sort())
  expect(Object.keys(zh.errors).sort()).toEqual(codes)
})

test.each<[string[], Language]>([
  [['zh-CN', 'en'], 'zh'],
  [['zh-Hant-TW'], 'zh'],
  [['en-US'], 'en'],
  [['fr', 'zh'], 'zh'],
  [['fr'], 'en'],
  [[], 'en'],
])('of %j the window speaks %s', (preferred, want) => {
  expect(new Locale(preferred, noMemory).language).toBe(want)
})

test('a choice is remembered and goes before the preference of the system', () => {
  const kept = new Map<string, string>()
  const memory = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  new Locale(['en'], memory).choose('zh')

  expect(new Locale(['en'], memory).language).toBe('zh')
})

test.each(languages)(
  'where Go knows no more than the code, our sentence stands: %s',
  (language) => {
    const locale = new Locale([language], noMemory)
    const said = [
      { code: 'cancelled', message: 'stopped before it was finished' },
      { code: 'timeout', message: 'took too long and was stopped', hint: 'Try again.' },
      { code: 'disk_full', message: '' },
      { code: 'internal', message: 'undefined is not an object' },
    ] as const
    for (const failure of said) {
      expect(locale.explain(failure)).toEqual({ ...locale.t.errors[failure.code], detail: '' })
    }
  },
)

test('what Go knows better is said in its words, below ours unless they are English', () => {
  const failure = {
    code: 'unsupported_format',
    message: 'this kind of HEIC picture is not supported',
    hint: 'Save it as PNG or JPEG.',
  }
  expect(new Locale(['en'], noMemory).explain(failure)).toEqual({
    what: 'This kind of HEIC picture is not supported.',
    hint: 'Save it as PNG or JPEG.',
    detail: '',
  })
  expect(new Locale(['zh'], noMemory).explain(failure)).toEqual({
    ...zh.errors.unsupported_format,
    detail: 'This kind of HEIC picture is not supported. Save it as PNG or JPEG.',
  })
})

test.each(['Choose another one with --home FOLDER.', 'Run `make setup`.'])(
  'a window gives no advice for a command line: %s',
  (hint) => {
    const failure = { code: 'unavailable', message: 'Inkpool is already at work', hint }
    expect(new Locale(['en'], noMemory).explain(failure).hint).toBe(en.errors.unavailable.hint)
    expect(new Locale(['zh'], noMemory).explain(failure).detail).toBe('Inkpool is already at work.')
  },
)

test.each([
  [
    'Close the other one first, or use another history with --home FOLDER or none with --no-history.',
    'Close the other one first.',
  ],
  ['If it is large, split it or give it more time with --timeout.', 'If it is large, split it.'],
  ['Free some space, or choose another disk.', 'Free some space, or choose another disk.'],
])('of several pieces of advice those for a window are given: %s', (hint, want) => {
  const failure = { code: 'unavailable', message: 'Inkpool is already at work', hint }
  expect(new Locale(['en'], noMemory).explain(failure).hint).toBe(want)
})

test.each([
  [0, '0 MiB'],
  [300 * 2 ** 20, '300 MiB'],
  [2 ** 31, '2.0 GiB'],
])('%d bytes of memory are written as %s', (bytes, want) => {
  expect(new Locale(['en'], noMemory).bytes(bytes)).toBe(want)
})

test.each([
  [412.4, '412 ms'],
  [1000, '1.0 s'],
  [61_240, '61.2 s'],
])('%d ms are written as %s', (ms, want) => {
  expect(new Locale(['en'], noMemory).duration(ms)).toBe(want)
})

test('a code that we do not know is explained in the words of Go', () => {
  const locale = new Locale(['zh'], noMemory)
  const failure = { code: 'quota', message: 'the quota is used up', hint: 'wait a day' }
  expect(locale.explain(failure)).toEqual({
    what: 'The quota is used up.',
    hint: 'wait a day',
    detail: '',
  })
})

test('today shows the time, earlier days the date', () => {
  const locale = new Locale(['en'], noMemory)
  const now = new Date(2026, 10, 21, 18, 0).getTime()
  expect(locale.when(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe('09:05')
  expect(locale.when(new Date(2026, 10, 20, 9, 5).getTime(), now)).toBe('20 Nov')
  expect(locale.moment(new Date(2026, 10, 21, 9, 5, 7).getTime(), now)).toBe('09:05:07')
  expect(locale.moment(new Date(2026, 10, 20, 9, 5, 7).getTime(), now)).toBe('20 Nov, 09:05:07')
  expect(locale.when(new Date(2025, 10, 20, 9, 5).getTime(), now)).toBe('20 Nov 2025')
})
