import { fireEvent, render, screen, within } from '@testing-library/svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeBackend, fakePack, fakeTranslator } from '../api/fake'
import type { Pack } from '../api/types'
import { Locale, localeContext, type Language } from '../i18n/locale.svelte'
import { Models } from '../state/models.svelte'
import { noticeMs, Notices } from '../state/notices.svelte'
import ModelsDialog from './ModelsDialog.svelte'

const enZh = fakeTranslator('en', 'zh', { name: 'OPUS-MT', bytes: 118e6, licence: 'CC-BY-4.0' })
const offered = { state: 'not installed' as const, current: false }
const frEn = fakeTranslator('fr', 'en', { ...offered, bytes: 1.2e9 })
const many = fakeTranslator('en', 'zh', {
  ...offered,
  id: 'nllb',
  name: 'NLLB',
  from: ['en', 'zh', 'bo'],
  to: ['en', 'zh', 'bo'],
  licence: 'CC-BY-NC-4.0',
  noncommercial: true,
})
const things = fakePack({ id: 'things', task: 'image-classification', languages: ['zxx'] })
const damaged = fakePack({
  id: 'torn',
  name: '',
  task: '',
  state: 'damaged',
  current: false,
  error: { code: 'model_corrupt', message: 'det.onnx is missing', hint: 'Install it again.' },
})

let backend: FakeBackend
let models: Models
let stop: () => void

beforeEach(() => {
  backend = new FakeBackend()
  models = new Models(backend, new Notices())
  stop = models.listen()
})

afterEach(() => {
  stop()
  vi.useRealTimers()
})

async function show(packs: Pack[], language: Language = 'en') {
  backend.packList.push(...packs)
  await models.begin()
  const memory = { getItem: () => null, setItem: () => undefined }
  const context = localeContext(new Locale([language], memory))
  render(ModelsDialog, { props: { models }, context })
}

function row(id: string): HTMLElement {
  const found = screen.getAllByTestId('pack').find((each) => each.dataset['id'] === id)
  if (!found) throw new Error(`no pack ${id}`)
  return found
}

function press(id: string, testId: string): Promise<boolean> {
  return fireEvent.click(within(row(id)).getByTestId(testId))
}

test('what a pack is, is said in the language of the window', async () => {
  await show([enZh, frEn, many, things])
  const words = (id: string) => row(id).textContent.replace(/\s+/g, ' ')
  expect(words('pp-ocr')).toContain('part of Inkpool · English · 1.0 MB · licence Apache-2.0')
  expect(words(enZh.id)).toContain('English → Chinese · 118 MB · licence CC-BY-4.0')
  expect(words(frEn.id)).toContain('about 1.2 GB')
  expect(words('nllb')).toContain('3 languages → 3')
  expect(words('nllb')).toContain('not for commercial use')
  expect(words('things')).not.toContain('zxx')
})

test('in Chinese, too', async () => {
  await show([enZh], 'zh')
  expect(row(enZh.id).textContent).toContain('英语 → 中文')
})

test('packs are shown by what they are for', async () => {
  await show([enZh, frEn, things])
  const ids = () => screen.queryAllByTestId('pack').map(({ dataset }) => dataset['id'])
  await fireEvent.click(screen.getByTestId('kind-translate'))
  expect(ids()).toEqual([enZh.id, frEn.id])
  await fireEvent.click(screen.getByTestId('kind-label'))
  expect(ids()).toEqual(['things'])
  await fireEvent.click(screen.getByTestId('kind-read'))
  expect(ids()).toEqual(['pp-ocr'])
})

test('a damaged pack says why, and can be removed', async () => {
  await show([damaged])
  expect(within(row('torn')).getByTestId('pack-damage').textContent).toContain(
    'Det.onnx is missing.',
  )
  expect(within(row('torn')).queryByTestId('verify')).toBeNull()
  await press('torn', 'remove-pack')
  expect(screen.getByTestId('pack-removal').textContent).toContain('torn')
  await fireEvent.click(screen.getByTestId('pack-removal-yes'))
  await vi.waitFor(() => expect(screen.getAllByTestId('pack')).toHaveLength(1))
  expect(backend.packsAsked).toEqual([['remove', 'torn', '1']])
})

test('nothing is removed without a yes, and never what is part of the program', async () => {
  await show([enZh])
  await press(enZh.id, 'remove-pack')
  await fireEvent.click(screen.getByTestId('keep'))
  expect(backend.packsAsked).toEqual([])
  expect(within(row('pp-ocr')).queryByTestId('remove-pack')).toBeNull()
})

test('the files of a pack are looked at', async () => {
  await show([enZh])
  await press(enZh.id, 'verify')
  expect((await screen.findByTestId('pack-verified')).textContent).toContain('as they were when')
  backend.isHashed = false
  await press(enZh.id, 'verify')
  await vi.waitFor(() =>
    expect(screen.getByTestId('pack-verified').textContent).toContain('without checksums'),
  )
  backend.failure = { code: 'model_corrupt', message: 'vocab.json differs' }
  await press(enZh.id, 'verify')
  await vi.waitFor(() =>
    expect(screen.getByTestId('pack-verified').textContent).toContain('Vocab.json differs.'),
  )
})

test('a download begins with a click, can be stopped, and ends on view', async () => {
  await show([frEn])
  await press(frEn.id, 'download')
  expect(backend.packsAsked).toEqual([['download', frEn.id, false]])
  const work = { id: 1, name: frEn.id, what: 'download' as const }
  backend.tellWork({ ...work, done: 50e6, total: 100e6 })
  backend.tellWork({ ...work, done: 20e6, total: 100e6 }) // overtaken
  const shown = await screen.findByTestId('work')
  expect(shown.textContent).toContain('50 MB of 100 MB')
  expect(within(row(frEn.id)).queryByTestId('download')).toBeNull()
  await fireEvent.click(screen.getByTestId('stop-work'))
  expect(backend.packsAsked[1]).toEqual(['stop', 1])

  backend.tellWork({ ...work, state: 'stopped' })
  backend.tellWork({ ...work, done: 60e6, total: 100e6 }) // overtaken
  await vi.waitFor(() => expect(shown.textContent).toContain('goes on from there'))
  expect(within(row(frEn.id)).getByTestId('download')).toBeTruthy()
  await fireEvent.click(screen.getByTestId('dismiss-work'))
  expect(screen.queryByTestId('work')).toBeNull()
})

test('a licence that is not for every use is accepted first', async () => {
  await show([many])
  await press('nllb', 'download')
  expect(screen.getByTestId('accept').textContent).toContain('CC-BY-NC-4.0')
  await fireEvent.click(screen.getByTestId('keep'))
  expect(backend.packsAsked).toEqual([])
  await press('nllb', 'download')
  await fireEvent.click(screen.getByTestId('accept-yes'))
  await vi.waitFor(() => expect(backend.packsAsked).toEqual([['download', 'nllb', true]]))
})

test('what was installed is said with its languages, and goes by itself', async () => {
  await show([])
  vi.useFakeTimers()
  backend.packList.push(enZh)
  backend.tellWork({ id: 1, state: 'done', pack: enZh })
  await vi.advanceTimersByTimeAsync(0)
  expect(screen.getByTestId('work').textContent).toContain('OPUS-MT installed: English → Chinese')
  expect(row(enZh.id)).toBeTruthy()
  await vi.advanceTimersByTimeAsync(noticeMs)
  expect(screen.queryByTestId('work')).toBeNull()
})

test('what could not be installed says why until it is dismissed', async () => {
  await show([])
  const error = { code: 'unsupported_format', message: 'there is no model in it', hint: 'Get one.' }
  backend.tellWork({ id: 1, name: 'notes.zip', state: 'failed', error })
  const shown = await screen.findByTestId('work')
  expect(shown.textContent).toContain('notes.zip was not installed')
  expect(shown.textContent).toContain('There is no model in it.')
})

test('files and folders are added from a dialog of the system', async () => {
  await show([])
  await fireEvent.click(screen.getByTestId('add-pack-file'))
  backend.picked = ['/models/opus.zip']
  await fireEvent.click(screen.getByTestId('add-pack-file'))
  await fireEvent.click(screen.getByTestId('add-pack-folder'))
  await vi.waitFor(() =>
    expect(backend.packsAsked).toEqual([
      ['add', ['/models/opus.zip']],
      ['add', ['/models/opus.zip']],
    ]),
  )
})

test('what cannot be begun is said in the dialog', async () => {
  await show([frEn])
  backend.failure = { code: 'conflict', message: 'it is being installed already' }
  await press(frEn.id, 'download')
  expect((await screen.findByTestId('models-problem')).textContent).toContain(
    'It is being installed already.',
  )
})
