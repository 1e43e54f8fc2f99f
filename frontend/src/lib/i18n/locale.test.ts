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
  'a failure is explained by its code, not by the words of Go: %s',
  (language) => {
    const locale = new Locale([language], noMemory)
    const text = locale.explain({ code: 'disk_full', message: 'no space left on device' })
    expect(text).toEqual(locale.t.errors.disk_full)
  },
)

test('a code that we do not know is explained in the words of Go', () => {
  const locale = new Locale(['zh'], noMemory)
  const failure = { code: 'quota', message: 'the quota is used up', hint: 'wait a day' }
  expect(locale.explain(failure)).toEqual({ what: 'the quota is used up', hint: 'wait a day' })
})

test('today shows the time, earlier days the date', () => {
  const locale = new Locale(['en'], noMemory)
  const now = new Date(2026, 10, 21, 18, 0).getTime()
  expect(locale.when(new Date(2026, 10, 21, 9, 5).getTime(), now)).toBe('09:05')
  expect(locale.when(new Date(2026, 10, 20, 9, 5).getTime(), now)).toBe('20 Nov')
  expect(locale.when(new Date(2025, 10, 20, 9, 5).getTime(), now)).toBe('20 Nov 2025')
})
