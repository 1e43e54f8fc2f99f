import { expect, test } from 'vitest'
import { fakePack, fakeTranslator } from '../api/fake'
import type { Pack, Steps } from '../api/types'
import { fitting, missing, sourcesFor, suggested, targets, tidied, type Missing } from './steps'

const moods = fakePack({ id: 'moods', task: 'text-classification' })
const many = fakeTranslator('en', 'zh', {
  id: 'many',
  from: ['en', 'de', 'zh'],
  to: ['zh', 'de'],
})
const packs: readonly Pack[] = [
  fakePack(),
  fakeTranslator('en', 'zh'),
  many,
  moods,
  fakeTranslator('en', 'fr', { state: 'not installed', current: false }),
  fakeTranslator('en', 'ru', { version: '0', current: false }),
]

test('only what installed models know can be chosen', () => {
  expect(targets(packs)).toEqual(['zh', 'de'])
  expect(sourcesFor('zh', packs)).toEqual(['en', 'de'])
  expect(sourcesFor('de', packs)).toEqual(['en', 'zh'])
})

test.each([
  [{ to: 'zh' }, ['opus-mt-en-zh', 'many']],
  [{ from: 'de', to: 'zh' }, ['many']],
  [{ to: 'zh-Hans' }, ['opus-mt-en-zh', 'many']],
  [{ from: 'en-GB', to: 'de' }, ['many']],
  [{ to: 'zh-TW' }, ['opus-mt-en-zh', 'many']],
  [{ to: 'z' }, []],
  [{ to: 'fr' }, []],
])('of %j the models are %j', (way, want) => {
  expect(fitting(way, packs).map(({ id }) => id)).toEqual(want)
})

test.each<[Steps, Missing | undefined]>([
  [{}, undefined],
  [{ translate: { to: 'zh' } }, undefined],
  [{ translate: { to: 'fr' } }, { to: 'fr' }],
  [{ translate: { to: 'zh', pack: 'many' } }, undefined],
  [{ translate: { to: 'zh', pack: 'gone' } }, { to: 'zh', pack: 'gone' }],
  [
    { translate: { from: 'de', to: 'zh', pack: 'opus-mt-en-zh' } },
    { to: 'zh', pack: 'opus-mt-en-zh' },
  ],
  [{ label: {} }, undefined],
  [{ label: { packs: ['moods'] } }, undefined],
  [{ label: { packs: ['moods', 'gone'] } }, { pack: 'gone' }],
])('of %j there is missing %j', (steps, want) => {
  expect(missing(steps, packs)).toEqual(want)
})

test('labels of any model are missing where there is none', () => {
  expect(missing({ label: {} }, [fakePack()])).toEqual({})
})

test('steps of the same effect look the same', () => {
  expect(tidied({ translate: { to: '' } })).toEqual({})
  expect(tidied({ translate: { from: '', to: 'zh', pack: '' } })).toEqual({
    translate: { to: 'zh' },
  })
  expect(tidied({ label: { packs: [] } })).toEqual({ label: {} })
  expect(tidied({ no_reading: true })).toEqual({})
  expect(tidied({ no_reading: true, label: {} })).toEqual({ no_reading: true, label: {} })
  const both = { no_reading: true, label: {}, translate: { to: 'zh' } }
  expect(tidied(both)).toEqual({ label: {}, translate: { to: 'zh' } })
})

test('what was chosen before is suggested, else the language of the window', () => {
  expect(suggested({ to: 'fr' }, 'zh', packs)).toEqual({ to: 'fr' })
  expect(suggested(undefined, 'zh', [fakeTranslator('zh', 'en'), ...packs])).toEqual({ to: 'zh' })
  expect(suggested(undefined, 'en', packs)).toEqual({ to: 'zh' })
  expect(suggested(undefined, 'en', [])).toBeUndefined()
})

test('scripts are told apart, and regions of Chinese stand for them', () => {
  const simplified = [fakeTranslator('en', 'zh-Hans')]
  const fits = (to: string) => fitting({ to }, simplified).length > 0
  expect(['zh', 'zh-Hans', 'zh-CN', 'ZH'].map(fits)).toEqual([true, true, true, true])
  expect(['zh-Hant', 'zh-TW', 'zh-HK', 'ja'].map(fits)).toEqual([false, false, false, false])
})
