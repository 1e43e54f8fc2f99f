import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { FakeBackend, fakePage, fakeTask } from '../api/fake'
import type { Page, Task } from '../api/types'
import { Locale, localeContext } from '../i18n/locale.svelte'
import { Viewer } from '../state/viewer.svelte'
import ResultPane from './ResultPane.svelte'

async function show(page: Page, task: Partial<Task> = {}) {
  const backend = new FakeBackend()
  backend.pages.set(1, page)
  const viewer = new Viewer(backend)
  await viewer.open(fakeTask(task))
  const oncopy = vi.fn()
  const onact = vi.fn()
  const locale = new Locale(['en'], { getItem: () => null, setItem: () => undefined })
  render(ResultPane, {
    props: { viewer, oncopy, onact, onstep: () => undefined },
    context: localeContext(locale),
  })
  return { backend, viewer, oncopy, onact }
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
  const { onact } = await show(fakePage([], { error: task.error ?? null }), task)
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
