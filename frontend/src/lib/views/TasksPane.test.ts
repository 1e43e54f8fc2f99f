import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { fakeJob, fakeTask } from '../api/fake'
import type { Job } from '../api/types'
import { Locale, localeContext } from '../i18n/locale.svelte'
import type { Step } from '../state/adding.svelte'
import TasksPane from './TasksPane.svelte'

function show(job: Job, chosen?: number, tasks = [fakeTask()], able: Step[] = []) {
  const acts = { onfilter: vi.fn(), onexport: vi.fn(), onact: vi.fn(), onacttask: vi.fn() }
  const locale = new Locale(['en'], { getItem: () => null, setItem: () => undefined })
  render(TasksPane, {
    props: {
      job,
      tasks,
      able,
      hasHeld: false,
      isLoading: false,
      filter: 'all',
      chosen,
      copying: undefined,
      thumbnailUrl: (task) => `/thumb/${task}`,
      onchoose: () => undefined,
      oncopy: () => undefined,
      ...acts,
    },
    context: localeContext(locale),
  })
  return acts
}

const busy = { tasks: 30, done: 10, failed: 1, cancelled: 1, running: 2, queued: 16 }

test('while work is left the numbers are honest, and it can be stopped', async () => {
  const { onact } = show(fakeJob({ state: 'running', ...busy }))
  expect(screen.getByTestId('progress').textContent.trim()).toBe('12 of 30')
  await fireEvent.click(screen.getByTestId('job-stop'))
  expect(onact).toHaveBeenCalledWith('stop')
})

test('when all has ended there is nothing to stop', () => {
  show(fakeJob({ state: 'done', tasks: 3, done: 3 }))
  expect(screen.queryByTestId('job-stop')).toBeNull()
  expect(screen.queryByTestId('progress')).toBeNull()
})

test('the filters show how many there are of each', async () => {
  const { onfilter } = show(fakeJob({ state: 'failed', tasks: 1200, done: 1190, failed: 10 }))
  expect(screen.getByTestId('filter-all').textContent).toContain('1,200')
  expect(screen.getByTestId('filter-done').textContent).toContain('1,190')
  await fireEvent.click(screen.getByTestId('filter-failed'))
  expect(onfilter).toHaveBeenCalledWith('failed')
})

test('the export menu opens at its first format and closes on Escape', async () => {
  const { onexport } = show(fakeJob({ tasks: 1, done: 1 }))
  await fireEvent.click(screen.getByTestId('export'))
  expect(document.activeElement).toBe(screen.getByTestId('export-txt'))
  await fireEvent.keyDown(screen.getByRole('menu'), { key: 'Escape' })
  expect(screen.queryByRole('menu')).toBeNull()

  await fireEvent.click(screen.getByTestId('export'))
  await fireEvent.click(screen.getByTestId('export-csv'))
  expect(onexport).toHaveBeenCalledWith('csv')
})

test('nothing can be exported before something is done', () => {
  show(fakeJob({ state: 'queued', tasks: 2, queued: 2 }))
  expect(screen.getByTestId<HTMLButtonElement>('export').disabled).toBe(true)
  expect(screen.getByTestId<HTMLButtonElement>('copy-all').disabled).toBe(true)
})

test('the menu of the job offers what fits, and gives the focus back', async () => {
  const { onact } = show(fakeJob({ state: 'failed', tasks: 3, done: 1, failed: 1, cancelled: 1 }))
  await fireEvent.click(screen.getByTestId('job-actions'))
  expect(screen.getAllByRole('menuitem').map((item) => item.textContent.trim())).toEqual([
    'Retry failed',
    'Retry stopped',
    'Translate…',
    'Label…',
    'Read again as chosen now',
    'Remove…',
  ])
  await fireEvent.keyDown(screen.getByRole('menu'), { key: 'End' })
  expect(document.activeElement).toBe(screen.getByTestId('choice-remove'))
  await fireEvent.keyDown(screen.getByRole('menu'), { key: 'ArrowDown' })
  expect(document.activeElement).toBe(screen.getByTestId('choice-retry'))
  await fireEvent.click(screen.getByTestId('choice-retryStopped'))
  expect(onact).toHaveBeenCalledWith('retryStopped')
  expect(document.activeElement).toBe(screen.getByTestId('job-actions'))
})

test('a file has its menu by right click, by key and by its button', async () => {
  const { onacttask } = show(fakeJob({ tasks: 1, done: 1 }), 1)
  const list = screen.getByRole('listbox')
  const offered = () => screen.getAllByRole('menuitem').map((item) => item.dataset['testid'])

  await fireEvent.contextMenu(screen.getByTestId('task'), { button: 2 })
  expect(offered()).toEqual(['choice-again', 'choice-remove'])
  await fireEvent.keyDown(screen.getByRole('menu'), { key: 'Escape' })
  expect(screen.queryByRole('menu')).toBeNull()
  expect(document.activeElement).toBe(list)

  await fireEvent.keyDown(list, { key: 'F10', shiftKey: true })
  expect(offered()).toEqual(['choice-again', 'choice-remove'])
  await fireEvent.pointerDown(document.body)
  expect(screen.queryByRole('menu')).toBeNull()

  await fireEvent.click(screen.getByTestId('task-menu'))
  await fireEvent.click(screen.getByTestId('choice-remove'))
  expect(onacttask).toHaveBeenCalledWith('remove', fakeTask())
})

test('pages are numbered where a file has more than one', () => {
  const book = { name: 'book.pdf', path: '/in/book.pdf' }
  const tasks = [
    fakeTask({ id: 1, ...book, page: 1 }),
    fakeTask({ id: 2, ...book, page: 2 }),
    fakeTask({ id: 3, name: 'scan.png' }),
  ]
  show(fakeJob({ tasks: 3, done: 3 }), undefined, tasks)
  const rows = screen.getAllByTestId('task').map((row) => row.textContent)
  expect(rows[0]).toContain('page 1')
  expect(rows[1]).toContain('page 2')
  expect(rows[2]).not.toContain('page')
})

test('steps that models can do stand open beside a job that is done, others in its menu', async () => {
  const job = fakeJob({ state: 'done', tasks: 3, done: 3 })
  const { onact } = show(job, undefined, [fakeTask()], ['translate'])
  await fireEvent.click(screen.getByTestId('job-translate'))
  expect(onact).toHaveBeenCalledWith('translate')
  expect(screen.queryByTestId('job-label')).toBeNull()
  await fireEvent.click(screen.getByTestId('job-actions'))
  expect(screen.getByTestId('choice-label')).toBeTruthy()
})

test('a long translation is counted in sentences', () => {
  const task = fakeTask({ state: 'running', progress: { done: 12, total: 240 } })
  show(fakeJob({ state: 'running', tasks: 1, running: 1 }), undefined, [task])
  expect(screen.getByTestId('task').textContent).toContain('12 of 240 sentences')
})
