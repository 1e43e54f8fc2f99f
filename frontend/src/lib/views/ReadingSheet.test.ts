import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { FakeBackend, fakePack, fakeTranslator } from '../api/fake'
import type { Pack, Reading } from '../api/types'
import ReadingButton from '../components/ReadingButton.svelte'
import { Locale, localeContext } from '../i18n/locale.svelte'
import { Models } from '../state/models.svelte'
import { Notices } from '../state/notices.svelte'
import { ReadingChoice } from '../state/reading.svelte'
import ReadingSheet from './ReadingSheet.svelte'

async function show(now: Reading = {}, packs: Pack[] = []) {
  const backend = new FakeBackend()
  backend.packList.push(...packs)
  backend.readingNow = now
  const reading = new ReadingChoice(backend, new Notices())
  await reading.begin()
  reading.open()
  const locale = new Locale(['en'], { getItem: () => null, setItem: () => undefined })
  const context = localeContext(locale)
  render(ReadingButton, { props: { reading }, context })
  const models = new Models(backend, new Notices())
  await models.begin()
  render(ReadingSheet, { props: { reading, models }, context })
  return { backend, reading }
}

function input(testId: string): HTMLInputElement {
  return screen.getByTestId<HTMLInputElement>(testId)
}

test('every choice reaches Go as soon as it is made', async () => {
  const { backend } = await show()
  expect(input('layout-lines').checked).toBe(true)
  expect(input('source-mixed').checked).toBe(true)
  expect(input('turned').checked).toBe(true)

  await fireEvent.click(input('layout-paragraphs'))
  await fireEvent.click(input('source-image'))
  await fireEvent.click(input('turned'))
  await fireEvent.change(input('detect-side'), { target: { value: '1600' } })
  await fireEvent.change(input('text_score'), { target: { value: '0.7' } })
  const chosen: Reading = {
    layout: 'paragraphs',
    source: 'image',
    upright: true,
    detect_side: 1600,
    text_score: 0.7,
  }
  await vi.waitFor(() => expect(backend.readingNow).toEqual(chosen))
})

test('what a size for finding lines costs is said in words', async () => {
  await show()
  const note = () =>
    document.getElementById(input('detect-side').getAttribute('aria-describedby') ?? '')
  expect(note()?.textContent).toContain('Suits each page')
  await fireEvent.change(input('detect-side'), { target: { value: '2240' } })
  expect(note()?.textContent).toContain('5 times as long')
})

test('a score goes back to the model’s own by itself, and everything at once', async () => {
  const { backend } = await show({ layout: 'code', box_score: 0.4, text_score: 0.7 })
  expect(input('box_score').value).toBe('0.4')
  expect(input('box_score').getAttribute('aria-valuetext')).toBe('40%')
  await fireEvent.click(screen.getByTestId('box_score-reset'))
  await vi.waitFor(() => expect(backend.readingNow).toEqual({ layout: 'code', text_score: 0.7 }))
  expect(input('box_score').getAttribute('aria-valuetext')).toBe('set by the model')

  await fireEvent.click(screen.getByTestId('reset-all'))
  await vi.waitFor(() => expect(backend.readingNow).toEqual({}))
  expect(input('layout-lines').checked).toBe(true)
  expect(input('reset-all').disabled).toBe(true)
})

test('areas that are ignored are listed, and can be removed', async () => {
  const strip = { left: 0, top: 0, right: 1, bottom: 0.1 }
  const { backend } = await show({ ignore: [strip, { ...strip, top: 0.05 }] })
  expect(screen.getAllByTestId('kept-area')[0]?.textContent).toContain(
    '0%–100% across, 0%–10% down',
  )
  await fireEvent.click(screen.getByRole('button', { name: 'Remove area 2' }))
  await vi.waitFor(() => expect(backend.readingNow).toEqual({ ignore: [strip] }))
})

test('the button says what differs from the usual', async () => {
  const { reading } = await show({ layout: 'single' })
  const button = screen.getByTestId('reading')
  expect(button.getAttribute('aria-label')).toBe('How to read: One line')
  expect(screen.getByTestId('reading-summary').textContent).toBe('One line')
  reading.close()
  await fireEvent.click(button)
  expect(reading.isOpen).toBe(true)
  await reading.reset()
  expect(screen.queryByTestId('reading-summary')).toBeNull()
})

test('a model is chosen where there are several', async () => {
  const { backend } = await show({}, [
    fakePack({ id: 'pp-ocrv6-small', name: 'PP-OCRv6 small' }),
    fakePack({ id: 'pp-ocrv6-small', version: '0', current: false }),
    fakePack({ id: 'pp-ocrv6-tiny', state: 'not installed', current: false }),
    fakeTranslator('en', 'zh'),
  ])
  const options = [...input('pack').querySelectorAll('option')].map(
    ({ textContent }) => textContent,
  )
  expect(options).toEqual(['PP-OCR', 'PP-OCRv6 small (pp-ocrv6-small)'])
  await fireEvent.change(input('pack'), { target: { value: 'pp-ocrv6-small' } })
  await vi.waitFor(() => expect(backend.readingNow).toEqual({ pack: 'pp-ocrv6-small' }))
  await fireEvent.change(input('pack'), { target: { value: '' } })
  await vi.waitFor(() => expect(backend.readingNow).toEqual({}))
})

test('there is no choice of one model', async () => {
  await show()
  expect(screen.queryByTestId('pack')).toBeNull()
})

test('a model that has gone is shown as long as it is chosen', async () => {
  await show({ pack: 'gone' })
  expect(input('pack').value).toBe('gone')
})
