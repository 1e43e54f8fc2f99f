import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { FakeBackend, fakeJob, fakePack, fakeTranslator } from '../api/fake'
import type { Job, Pack } from '../api/types'
import { Locale, localeContext, type Language } from '../i18n/locale.svelte'
import { Adding, type Step } from '../state/adding.svelte'
import { Models } from '../state/models.svelte'
import { Notices } from '../state/notices.svelte'
import AddingDialog from './AddingDialog.svelte'

const packs = [fakeTranslator('en', 'zh'), fakeTranslator('zh', 'en')]

async function show(
  step: Step,
  installed: Pack[],
  job: Partial<Job> = {},
  language: Language = 'en',
) {
  const backend = new FakeBackend()
  backend.packList.push(...installed)
  const models = new Models(backend, new Notices())
  await models.begin()
  const adding = new Adding(backend)
  adding.begin(step, fakeJob({ id: 3, ...job }))
  const asked = adding.asked
  if (!asked) throw new Error('nothing was asked')
  const memory = { getItem: () => null, setItem: () => undefined }
  render(AddingDialog, {
    props: { adding, asked, models, steps: {} },
    context: localeContext(new Locale([language], memory)),
  })
  return { backend, adding, models }
}

function button(): HTMLButtonElement {
  return screen.getByTestId<HTMLButtonElement>('add-steps')
}

test('a job is translated into the language of the window, or into another one', async () => {
  const { backend, adding } = await show('translate', packs)
  const to = screen.getByTestId<HTMLSelectElement>('translate-to')
  expect(to.value).toBe('en')
  await fireEvent.change(to, { target: { value: 'zh' } })
  await fireEvent.click(button())
  expect(backend.stepsAdded).toEqual([[3, { translate: { to: 'zh' } }]])
  await vi.waitFor(() => expect(adding.asked).toBeUndefined())
})

test('a job is given labels', async () => {
  const moods = fakePack({ id: 'moods', task: 'text-classification' })
  const { backend } = await show('label', [moods])
  await fireEvent.click(button())
  expect(backend.stepsAdded).toEqual([[3, { label: {} }]])
})

test('a job that is at work says so, and the choice stays', async () => {
  const { backend, adding } = await show('translate', packs)
  backend.failure = { code: 'conflict', message: 'what is being read now cannot' }
  await fireEvent.click(button())
  expect((await screen.findByRole('alert')).textContent).toContain('is being worked on just now')
  expect(adding.asked).toBeDefined()
  expect(button().disabled).toBe(false)
})

test('what was asked for before is suggested again', async () => {
  await show('translate', packs, { steps: { translate: { from: 'en', to: 'zh' } } })
  expect(screen.getByTestId<HTMLSelectElement>('translate-to').value).toBe('zh')
  expect(screen.getByTestId<HTMLSelectElement>('translate-from').value).toBe('en')
})

test.each<Step>(['translate', 'label'])(
  'without a model there is nothing to %s with',
  async (step) => {
    const { models } = await show(step, [])
    expect(screen.getByTestId('missing').textContent).toMatch(/No model that .* is installed/)
    expect(button().disabled).toBe(true)
    await fireEvent.click(screen.getByTestId('adding-models'))
    expect(models.isOpen).toBe(true)
  },
)
