import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { FakeBackend, fakePack, fakeTranslator } from '../api/fake'
import type { Pack, Steps } from '../api/types'
import StepsButton from '../components/StepsButton.svelte'
import { Locale, localeContext } from '../i18n/locale.svelte'
import { Models } from '../state/models.svelte'
import { Notices } from '../state/notices.svelte'
import { StepsChoice } from '../state/steps.svelte'
import StepsSheet from './StepsSheet.svelte'

const things = fakePack({ id: 'things', name: 'Things', task: 'image-classification' })
const moods = fakePack({ id: 'moods', name: 'Moods', task: 'text-classification' })
const enZh = fakeTranslator('en', 'zh')

async function show(packs: Pack[], now: Steps = {}) {
  const backend = new FakeBackend()
  backend.packList.push(...packs)
  backend.stepsNow = now
  const notices = new Notices()
  const models = new Models(backend, notices)
  const steps = new StepsChoice(backend, notices, models)
  await models.begin()
  await steps.begin()
  const locale = new Locale(['en'], { getItem: () => null, setItem: () => undefined })
  const context = localeContext(locale)
  render(StepsButton, { props: { steps }, context })
  render(StepsSheet, { props: { steps, models }, context })
  return { backend, models, steps }
}

function field(testId: string): HTMLInputElement {
  return screen.getByTestId<HTMLInputElement>(testId)
}

function optionsOf(testId: string): string[] {
  return [...field(testId).querySelectorAll('option')].map(({ textContent }) => textContent)
}

test('the languages are those of the installed models, by their names', async () => {
  const { backend } = await show([enZh, fakeTranslator('de', 'zh'), fakeTranslator('zh', 'en')])
  expect(optionsOf('translate-to')).toEqual(['No translation', 'Chinese', 'English'])
  expect(screen.queryByTestId('translate-from')).toBeNull()

  await fireEvent.change(field('translate-to'), { target: { value: 'zh' } })
  await vi.waitFor(() => expect(backend.stepsNow).toEqual({ translate: { to: 'zh' } }))
  expect(optionsOf('translate-from')).toEqual(['Detected language', 'English', 'German'])
  await fireEvent.change(field('translate-from'), { target: { value: 'de' } })
  await vi.waitFor(() => expect(backend.stepsNow).toEqual({ translate: { from: 'de', to: 'zh' } }))
  expect(screen.getByTestId('steps').getAttribute('aria-label')).toBe('After reading: → Chinese')

  await fireEvent.change(field('translate-to'), { target: { value: '' } })
  await vi.waitFor(() => expect(backend.stepsNow).toEqual({}))
})

test('a model is chosen where several fit', async () => {
  const other = fakeTranslator('en', 'zh', { id: 'other', name: 'Other' })
  const { backend } = await show([enZh, other], { translate: { from: 'en', to: 'zh' } })
  expect(optionsOf('translate-pack')).toEqual(['Automatic', 'opus-mt-en-zh', 'Other'])
  await fireEvent.change(field('translate-pack'), { target: { value: 'other' } })
  const want = { translate: { from: 'en', to: 'zh', pack: 'other' } }
  await vi.waitFor(() => expect(backend.stepsNow).toEqual(want))
})

test('labels are switched on, and some of the models off', async () => {
  const { backend } = await show([things, moods])
  await fireEvent.click(field('label'))
  await vi.waitFor(() => expect(backend.stepsNow).toEqual({ label: {} }))
  await fireEvent.click(field('label-pack-moods'))
  await vi.waitFor(() => expect(backend.stepsNow).toEqual({ label: { packs: ['things'] } }))
  expect(field('label-pack-things').disabled).toBe(true)
  await fireEvent.click(field('no-reading'))
  const want = { no_reading: true, label: { packs: ['things'] } }
  await vi.waitFor(() => expect(backend.stepsNow).toEqual(want))
  expect(screen.getByTestId('steps-summary').textContent).toBe('Labels only')

  await fireEvent.click(field('label-pack-moods'))
  await fireEvent.click(field('label'))
  await vi.waitFor(() => expect(backend.stepsNow).toEqual({}))
})

test('where no model is installed it is said, with the way to one', async () => {
  const { models } = await show([])
  expect(screen.queryByTestId('translate-to')).toBeNull()
  expect(screen.getByTestId('steps-sheet').textContent).toContain('No model that translates')
  expect(screen.getByTestId('steps-sheet').textContent).toContain('No model that gives labels')
  await fireEvent.click(screen.getByTestId('steps-models'))
  expect(models.isOpen).toBe(true)
})

test('what was chosen and is gone is said, with what to do', async () => {
  const { backend, models } = await show([enZh], { translate: { to: 'zh', pack: 'gone' } })
  expect(screen.getByTestId('missing').textContent).toContain('The model gone is not installed')
  expect(field('translate-pack').value).toBe('gone')
  await fireEvent.click(screen.getByTestId('missing-models'))
  expect(models.isOpen).toBe(true)
  await fireEvent.change(field('translate-pack'), { target: { value: '' } })
  await vi.waitFor(() => expect(backend.stepsNow).toEqual({ translate: { to: 'zh' } }))
  expect(screen.queryByTestId('missing')).toBeNull()
})

test('a language that no model knows any more is shown as long as it is chosen', async () => {
  await show([enZh], { translate: { to: 'fr' } })
  expect(field('translate-to').value).toBe('fr')
  expect(screen.getByTestId('missing').textContent).toContain('translates into French')
})

test('a model that is installed meanwhile can be chosen at once', async () => {
  const { backend, models } = await show([])
  backend.packList.push(enZh)
  await models.begin()
  await vi.waitFor(() => expect(optionsOf('translate-to')).toContain('Chinese'))
})
