import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { FakeBackend, fakeJob, fakePage, fakeTask } from '../api/fake'
import type { Job, Page, Task } from '../api/types'
import { Locale, localeContext } from '../i18n/locale.svelte'
import { Notices } from '../state/notices.svelte'
import { Unlock } from '../state/unlock.svelte'
import { Viewer } from '../state/viewer.svelte'
import ResultPane from './ResultPane.svelte'

async function show(page: Page, task: Partial<Task> = {}, job: Partial<Job> = {}) {
  const backend = new FakeBackend()
  backend.pages.set(1, page)
  const viewer = new Viewer(backend)
  await viewer.open(fakeTask(task))
  const oncopy = vi.fn()
  const onact = vi.fn()
  const onreadwithout = vi.fn()
  const onignore = vi.fn()
  const onshow = vi.fn()
  const unlock = new Unlock(backend, new Notices(), onshow)
  const locale = new Locale(['en'], { getItem: () => null, setItem: () => undefined })
  render(ResultPane, {
    props: {
      viewer,
      job: fakeJob(job),
      unlock,
      onreadwithout,
      onignore,
      oncopy,
      onact,
      onstep: () => undefined,
    },
    context: localeContext(locale),
  })
  return { backend, viewer, oncopy, onact, onreadwithout, onignore, onshow }
}

function chosen(testId: string): number[] {
  return screen
    .getAllByTestId(testId)
    .flatMap((element, at) => (element.dataset['chosen'] === 'true' ? [at] : []))
}

function nth(testId: string, at: number): HTMLElement {
  const element = screen.getAllByTestId(testId)[at]
  if (!element) throw new Error(`no ${testId} ${at}`)
  return element
}

test('a click on a line marks its box', async () => {
  await show(fakePage(['one', 'two', 'three']))
  await fireEvent.click(nth('line', 1))
  expect(chosen('box')).toEqual([1])
})

test('a click on a box marks its line', async () => {
  await show(fakePage(['one', 'two', 'three']))
  await fireEvent.click(nth('box', 2))
  expect(chosen('line')).toEqual([2])
})

test('the pointer marks line and box together', async () => {
  await show(fakePage(['one', 'two']))
  await fireEvent.pointerEnter(nth('box', 1))
  expect(nth('line', 1).dataset['hover']).toBe('true')
  await fireEvent.pointerOver(nth('line', 0))
  expect(nth('box', 0).dataset['hover']).toBe('true')
  expect(nth('box', 1).dataset['hover']).toBe('false')
})

test('the keys move through the lines, and Ctrl+C copies the chosen one', async () => {
  const { oncopy } = await show(fakePage(['one', 'two', 'three']))
  const list = screen.getByRole('listbox')
  await fireEvent.keyDown(list, { key: 'ArrowDown' })
  await fireEvent.keyDown(list, { key: 'ArrowDown' })
  expect(chosen('box')).toEqual([1])
  await fireEvent.keyDown(list, { key: 'c', ctrlKey: true })
  expect(oncopy).toHaveBeenCalledWith('two')
})

test('the boxes are drawn in pixels of the page, over its picture', async () => {
  await show(fakePage(['one']))
  expect(nth('box', 0).closest('svg')?.getAttribute('viewBox')).toBe('0 0 400 300')
  expect(nth('box', 0).getAttribute('points')).toBe('10,0 110,0 110,16 10,16')
  expect(nth('page-image', 0).getAttribute('src')).toBe('/media/task/1')
})

test('a picture that has gone is said so, and its text stays', async () => {
  await show(fakePage(['one']))
  await fireEvent.error(nth('page-image', 0))
  expect(screen.getByText(/The picture cannot be shown/)).toBeTruthy()
  expect(nth('line', 0).textContent).toContain('one')
})

test('a failed task shows its reason and what to do', async () => {
  const error = { code: 'invalid', message: 'this picture is damaged', hint: 'Get a new copy.' }
  await show(fakePage([], { status: 'failed', error }), { state: 'failed', error })
  expect(screen.getByTestId('error').textContent).toContain('This picture is damaged.')
  expect(screen.getByTestId('error').textContent).toContain('Get a new copy.')
})

test('a text shows its words only', async () => {
  await show(fakePage([], { kind: 'text', text: 'hello\nworld' }), { kind: 'text' })
  expect(screen.getByTestId('text').textContent.trim()).toBe('hello\nworld')
  expect(screen.queryByTestId('page-image')).toBeNull()
})

test('a page without text says so', async () => {
  await show(fakePage([]))
  expect(screen.getByText('No text was found on this page.')).toBeTruthy()
})

const crashed = { code: 'engine_crashed', message: 'Inkpool stopped each time' }

test.each<[Partial<Task>, string]>([
  [{ state: 'failed', error: crashed }, 'task-retry'],
  [{ state: 'quarantined', error: crashed }, 'task-retry'],
  [{ state: 'cancelled', error: { code: 'cancelled', message: 'cancelled' } }, 'task-retryStopped'],
  [{ state: 'queued', held: true }, 'task-resume'],
])('a task without a result offers what helps: %j', async (task, want) => {
  const { onact } = await show(
    fakePage([], { status: task.state ?? 'done', error: task.error ?? null }),
    task,
  )
  await fireEvent.click(screen.getByTestId(want))
  expect(onact).toHaveBeenCalledWith(want.replace('task-', ''), expect.objectContaining(task))
})

test('a task that was set aside says so, and how to give it another chance', async () => {
  const task: Partial<Task> = { state: 'quarantined', error: crashed }
  await show(fakePage([], { status: 'quarantined', error: crashed }), task)
  expect(screen.getByTestId('error').textContent).toContain('set aside')
  expect(screen.getByTestId('error').textContent).toContain('Retry it on purpose')
})

test('the log takes the place of the result, step by step', async () => {
  const { backend } = await show(fakePage(['one']))
  backend.logs.set(1, [
    { at_ms: 0, attempt: 0, what: 'queued' },
    { at_ms: 1, attempt: 1, what: 'running', detail: 'instance 7' },
    { at_ms: 413, attempt: 1, what: 'done', took_ms: 412.3 },
    { at_ms: 500, attempt: 1, what: 'defrosted' },
  ])
  await fireEvent.click(screen.getByTestId('show-log'))
  const rows = await screen.findAllByTestId('log-entry')
  expect(rows.map((row) => row.children[2]?.textContent)).toEqual([
    'Added',
    'Started',
    'Done',
    'defrosted',
  ])
  expect(rows[1]?.textContent).toContain('instance 7')
  expect(rows[2]?.textContent).toContain('412 ms')
  expect(screen.queryByTestId('line')).toBeNull()

  await fireEvent.click(screen.getByTestId('show-log'))
  expect(nth('line', 0).textContent).toContain('one')
})

test('how a page was read is said where it differs from the usual', async () => {
  const reading = { layout: 'paragraphs' as const, ignore: [strip, strip] }
  await show(fakePage(['one'], { rotation: 90 }), {}, { reading })
  expect(screen.getByTestId('manner').textContent).toBe(
    'Paragraphs · 2 areas ignored · turned by 90°',
  )
})

test('of a page that was read as usual nothing is said', async () => {
  await show(fakePage(['one']), {}, { reading: { layout: 'lines' } })
  expect(screen.queryByTestId('manner')).toBeNull()
})

test('a layout that was chosen is seen at once, and the lines are a click away', async () => {
  const page = fakePage(['one', 'two'], { text: 'one two' })
  await show(page, {}, { reading: { layout: 'paragraphs' } })
  expect(screen.getByTestId('text').textContent.trim()).toBe('one two')
  await fireEvent.click(screen.getByTestId('form-lines'))
  expect(screen.getAllByTestId('line')).toHaveLength(2)
})

test('code keeps its columns', async () => {
  await show(fakePage(['if'], { text: 'if x:\n    y' }), {}, { reading: { layout: 'code' } })
  expect(screen.getByTestId('text').className).toContain('whitespace-pre')
  expect(screen.getByTestId('text').className).not.toContain('break-words')
})

const strip = { left: 0, top: 0, right: 1, bottom: 0.1 }

test('an area that is typed leaves lines out, and the file is read again without it', async () => {
  const { onreadwithout, onignore } = await show(fakePage(['header', 'two', 'three']), { id: 1 })
  await fireEvent.click(screen.getByTestId('ignore-area'))
  expect(document.activeElement).toBe(screen.getByTestId('areas'))
  expect(screen.getByTestId('areas-file').hasAttribute('disabled')).toBe(true)

  await fireEvent.click(screen.getByTestId('add-area'))
  expect(document.activeElement).toBe(screen.getByTestId('area-left'))
  expect(screen.getByTestId('left-out').textContent).toBe('2 lines would be left out.')

  await fireEvent.change(screen.getByTestId('area-bottom'), { target: { value: '5' } })
  expect(screen.getByTestId('left-out').textContent).toBe('1 line would be left out.')

  await fireEvent.click(screen.getByTestId('areas-file'))
  const area = { ...strip, bottom: 0.05 }
  expect(onreadwithout).toHaveBeenLastCalledWith([area], { job: 1, task: 1 })
  await fireEvent.click(screen.getByTestId('areas-keep'))
  expect(onignore).toHaveBeenLastCalledWith([area])
})

test('numbers that make no area are refused with words', async () => {
  await show(fakePage(['one']))
  await fireEvent.click(screen.getByTestId('ignore-area'))
  await fireEvent.click(screen.getByTestId('add-area'))
  await fireEvent.change(screen.getByTestId('area-left'), { target: { value: '100' } })
  expect(screen.getByTestId('area-left').getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByText(/Left must be less than right/)).toBeTruthy()
  expect(screen.getByTestId('areas-file').hasAttribute('disabled')).toBe(true)
})

test('a whole job is read again where it has more files', async () => {
  const { onreadwithout } = await show(
    fakePage(['one']),
    {},
    { tasks: 3, reading: { ignore: [strip] } },
  )
  await fireEvent.click(screen.getByTestId('ignore-area'))
  expect(screen.getAllByTestId('area-fields')).toHaveLength(1)
  await fireEvent.click(screen.getByRole('button', { name: 'Remove area 1' }))
  await fireEvent.click(screen.getByTestId('areas-job'))
  expect(onreadwithout).toHaveBeenLastCalledWith([], { job: 1, task: 0 })
})

test('an area is drawn with the pointer, and Escape leaves everything as it was', async () => {
  const { viewer } = await show(fakePage(['one']))
  await fireEvent.click(screen.getByTestId('ignore-area'))
  const layer = screen.getByTestId('area-layer')
  layer.setPointerCapture = () => undefined
  layer.getBoundingClientRect = () => new DOMRect(100, 50, 400, 300)
  const at = (clientX: number, clientY: number) => ({ clientX, clientY, button: 0 })
  await fireEvent.pointerDown(layer, at(500, 110))
  await fireEvent.pointerMove(layer, at(300, 20))
  await fireEvent.pointerUp(layer, at(300, 20))
  expect(viewer.areas.list).toEqual([{ left: 0.5, top: 0, right: 1, bottom: 0.2 }])

  await fireEvent.pointerDown(layer, at(300, 200))
  await fireEvent.pointerUp(layer, at(300, 200)) // a click is no area
  expect(viewer.areas.list).toHaveLength(1)

  await fireEvent.pointerDown(layer, at(300, 200))
  await fireEvent.pointerMove(layer, at(400, 250))
  await fireEvent.keyDown(layer, { key: 'Escape' })
  await fireEvent.pointerUp(layer, at(400, 250))
  expect(viewer.areas.list).toHaveLength(1)

  await fireEvent.keyDown(screen.getByTestId('areas'), { key: 'Escape' })
  expect(screen.queryByTestId('areas')).toBeNull()
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByTestId('ignore-area')))
})

const locked = { code: 'encrypted', message: 'this document is protected by a password' }

test('a locked document asks for its password, and says when it is a wrong one', async () => {
  const task: Partial<Task> = { id: 1, state: 'failed', error: locked }
  const { onshow } = await show(fakePage([], { error: locked }), task)
  const field = screen.getByLabelText('Password')
  expect(field.getAttribute('type')).toBe('password')
  await fireEvent.input(field, { target: { value: 'wrong' } })
  await fireEvent.submit(screen.getByTestId('unlock-form'))
  await screen.findByText('This password does not open the document.')
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(onshow).not.toHaveBeenCalled()

  await fireEvent.input(field, { target: { value: 'sesame' } })
  await fireEvent.submit(screen.getByTestId('unlock-form'))
  await vi.waitFor(() => expect(onshow).toHaveBeenCalledOnce())
  expect(screen.queryByText('This password does not open the document.')).toBeNull()
})
