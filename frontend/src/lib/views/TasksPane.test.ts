import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { fakeJob, fakeTask } from '../api/fake'
import type { Job } from '../api/types'
import { Locale, localeContext } from '../i18n/locale.svelte'
import TasksPane from './TasksPane.svelte'

function show(job: Job) {
  const acts = { onfilter: vi.fn(), onexport: vi.fn(), oncancel: vi.fn() }
  const locale = new Locale(['en'], { getItem: () => null, setItem: () => undefined })
  render(TasksPane, {
    props: {
      job,
      tasks: [fakeTask()],
      isLoading: false,
      filter: 'all',
      chosen: undefined,
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
  const { oncancel } = show(fakeJob({ state: 'running', ...busy }))
  expect(screen.getByTestId('progress').textContent.trim()).toBe('12 of 30')
  await fireEvent.click(screen.getByTestId('cancel'))
  expect(oncancel).toHaveBeenCalled()
})

test('when all has ended there is nothing to stop', () => {
  show(fakeJob({ state: 'done', tasks: 3, done: 3 }))
  expect(screen.queryByTestId('cancel')).toBeNull()
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
