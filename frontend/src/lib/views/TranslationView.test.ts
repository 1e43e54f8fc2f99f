import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { FakeBackend, fakeJob, fakePage, fakeTask } from '../api/fake'
import type { Page, Task, Translation } from '../api/types'
import { Locale, localeContext, type Language } from '../i18n/locale.svelte'
import { Notices } from '../state/notices.svelte'
import { Unlock } from '../state/unlock.svelte'
import { Viewer } from '../state/viewer.svelte'
import ResultPane from './ResultPane.svelte'

const translation: Translation = {
  from: 'en',
  to: 'ar',
  model: 'opus-mt-en-ar',
  text: 'مرحبا. كيف حالك؟\nوداعا',
  segments: [
    { source: 'Hello.', target: 'مرحبا.' },
    { source: 'How are you?', target: 'كيف حالك؟' },
    { source: 'Good bye', target: 'وداعا', doubtful: true },
  ],
}
const text = 'Hello. How are\nyou?\nGood bye'

async function show(page: Partial<Page>, task: Partial<Task> = {}, language: Language = 'en') {
  const backend = new FakeBackend()
  backend.pages.set(1, fakePage([], { kind: 'text', text, ...page }))
  const viewer = new Viewer(backend)
  await viewer.open(fakeTask({ kind: 'text', ...task }))
  const oncopy = vi.fn()
  const nothing = () => undefined
  render(ResultPane, {
    props: {
      viewer,
      job: fakeJob(),
      unlock: new Unlock(backend, new Notices(), nothing),
      onreadwithout: nothing,
      onignore: nothing,
      oncopy,
      onact: nothing,
      onstep: nothing,
    },
    context: localeContext(
      new Locale([language], { getItem: () => null, setItem: () => undefined }),
    ),
  })
  return { viewer, oncopy }
}

/** The sentences that are marked. */
function marked(): string[] {
  return screen
    .getAllByTestId('sentence')
    .filter((sentence) => sentence.getAttribute('aria-selected') === 'true')
    .map(({ textContent }) => textContent)
}

test('a sentence and its translation mark each other', async () => {
  await show({ translation })
  const [, second] = screen.getAllByTestId('sentence')
  await fireEvent.pointerOver(second as HTMLElement)
  expect(marked()).toEqual(['How are\nyou?', 'كيف حالك؟'])
  await fireEvent.pointerLeave(screen.getByTestId('translation'))
  expect(marked()).toEqual([])
})

test('the keys move from sentence to sentence', async () => {
  const { viewer } = await show({ translation })
  const list = screen.getByTestId('translation')
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp']) {
    await fireEvent.keyDown(list, { key })
  }
  expect(viewer.sentence).toBe(1)
  expect(marked()).toHaveLength(2)
  const active = document.getElementById(list.getAttribute('aria-activedescendant') ?? '')
  expect(active?.textContent).toBe('كيف حالك؟')
})

test('lines stand beside each other, each in its language and direction', async () => {
  await show({ translation })
  const [source] = screen.getAllByTestId('source')
  const targets = screen.getAllByTestId('target')
  expect(source?.getAttribute('lang')).toBe('en')
  expect(targets.map((target) => target.textContent.trim())).toEqual(['مرحبا. كيف حالك؟', 'وداعا'])
  expect(targets[0]?.getAttribute('lang')).toBe('ar')
  expect(targets[0]?.getAttribute('dir')).toBe('auto')
})

test('what is shown is copied', async () => {
  const { oncopy } = await show({ translation })
  const copy = screen.getByTestId('copy-page')
  await fireEvent.click(copy)
  expect(oncopy).toHaveBeenLastCalledWith(`${text}\n\n${translation.text}`)
  await fireEvent.click(screen.getByTestId('form-translation'))
  expect(screen.queryByTestId('source')).toBeNull()
  await fireEvent.click(copy)
  expect(oncopy).toHaveBeenLastCalledWith(translation.text)
  await fireEvent.click(screen.getByTestId('form-text'))
  await fireEvent.click(copy)
  expect(oncopy).toHaveBeenLastCalledWith(text)
})

test('where the model lost its way is said, and marked', async () => {
  await show({ translation })
  expect(screen.getByTestId('doubtful').textContent).toBe('1 sentence to check')
  const doubtful = screen
    .getAllByTestId('sentence')
    .filter((each) => each.dataset['doubtful'] === 'true')
  expect(doubtful.map(({ textContent }) => textContent)).toEqual(['Good bye', 'وداعا'])
  expect(doubtful[0]?.title).toContain('lost its way')
})

test.each<[Language, string, string]>([
  ['en', 'German 99%', 'German → Chinese'],
  ['zh', '德语 99%', '德语 → 中文'],
])('languages are called by their names in %s', async (language, found, way) => {
  const page = { language: { code: 'de', score: 0.991 } }
  await show({ ...page, translation: { ...translation, from: 'de', to: 'zh' } }, {}, language)
  expect(screen.getByTestId('language').textContent.trim()).toBe(found)
  expect(screen.getByTestId('translated').textContent.trim()).toBe(way)
})

test('a translation that failed leaves the text, and says what to do', async () => {
  const error = { code: 'model_missing', message: 'the model is gone', hint: 'Add it again.' }
  await show({ translation: { from: 'en', to: 'zh', text: '', error } })
  expect(screen.getByTestId('text').textContent.trim()).toBe(text)
  expect(screen.getByTestId('step-failure').textContent).toContain('The model is gone.')
  expect(screen.getByTestId('step-failure').textContent).toContain('Add it again.')
  expect(screen.queryByTestId('form-translation')).toBeNull()
})

test('labels are said once each, and marked in the text', async () => {
  const model = 'names'
  const greetings = [
    { model, label: 'GREETING', score: 0.9, text: 'Hello', start: 0, end: 5 },
    { model, label: 'GREETING', score: 0.8, text: 'Hello', start: 7, end: 10 },
  ]
  await show({ labels: [{ model: 'moods', label: 'positive', score: 0.97 }, ...greetings] })
  const labels = screen.getAllByTestId('label-found').map(({ textContent }) => textContent)
  expect(labels.map((label) => label.replace(/\s+/g, ' ').trim())).toEqual([
    'positive 97%',
    'Hello GREETING 90%',
  ])
  expect(screen.getAllByTestId('marked').map(({ textContent }) => textContent)).toEqual([
    'Hello',
    'How',
  ])
})

test('many labels are shown on demand', async () => {
  const labels = Array.from({ length: 12 }, (_, at) => ({
    model: 'things',
    label: `thing ${at}`,
    score: 0.1,
  }))
  await show({ labels })
  expect(screen.getAllByTestId('label-found')).toHaveLength(8)
  await fireEvent.click(screen.getByTestId('more-labels'))
  expect(screen.getAllByTestId('label-found')).toHaveLength(12)
})

test('while it is translated the text is there, and how far that has come', async () => {
  await show({}, { state: 'running', progress: { done: 12, total: 240 } })
  expect(screen.getByTestId('text').textContent.trim()).toBe(text)
  expect(screen.getByTestId('working').textContent).toContain('12 of 240 sentences')
})

test('of a text of which nothing is known nothing is said', async () => {
  await show({})
  expect(screen.queryByTestId('findings')).toBeNull()
})
