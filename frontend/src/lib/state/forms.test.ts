import { expect, test } from 'vitest'
import { fakePage } from '../api/fake'
import type { Page, Translation } from '../api/types'
import { formOf, formsOf, textOf } from './forms'

const translation: Translation = { from: 'en', to: 'zh', text: '一' }
const failed: Translation = {
  from: 'en',
  to: 'zh',
  text: '',
  error: { code: 'model_missing', message: 'gone' },
}
const picture = (over: Partial<Page> = {}) => fakePage(['one'], over)
const text = (over: Partial<Page> = {}) => fakePage(['one'], { kind: 'text', ...over })

test('a page is shown in the forms that it has', () => {
  expect(formsOf(text())).toEqual(['text'])
  expect(formsOf(picture())).toEqual(['lines', 'text'])
  expect(formsOf(text({ translation }))).toEqual(['text', 'translation', 'both'])
  expect(formsOf(picture({ translation: failed }))).toEqual(['lines', 'text'])
})

test('what was asked for is seen at first', () => {
  expect(formOf(picture(), undefined, undefined)).toBe('lines')
  expect(formOf(picture(), undefined, 'paragraphs')).toBe('text')
  expect(formOf(text(), undefined, undefined)).toBe('text')
  expect(formOf(picture({ translation }), undefined, undefined)).toBe('both')
  expect(formOf(picture({ translation }), 'lines', undefined)).toBe('lines')
  expect(formOf(text({ translation: failed }), 'both', undefined)).toBe('text')
})

test('what is shown is copied', () => {
  const page = picture({ translation })
  expect(textOf(page, 'lines')).toBe('one')
  expect(textOf(page, 'text')).toBe('one')
  expect(textOf(page, 'translation')).toBe('一')
  expect(textOf(page, 'both')).toBe('one\n\n一')
})
