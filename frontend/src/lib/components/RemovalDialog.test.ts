import { fireEvent, render, screen } from '@testing-library/svelte'
import { expect, test, vi } from 'vitest'
import { Locale, localeContext } from '../i18n/locale.svelte'
import RemovalDialog from './RemovalDialog.svelte'

function show(task: number) {
  const acts = { onconfirm: vi.fn(), ondecline: vi.fn() }
  const removal = { scope: { job: 3, task }, name: 'scans', tasks: task === 0 ? 12 : 1 }
  const locale = new Locale(['en'], { getItem: () => null, setItem: () => undefined })
  render(RemovalDialog, { props: { removal, ...acts }, context: localeContext(locale) })
  return acts
}

test.each([
  [0, '“scans” (12 items)', 'The files themselves stay'],
  [7, '“scans”', 'The file itself stays'],
])('it says what is deleted and what stays: task %d', (task, what, stays) => {
  show(task)
  expect(screen.getByTestId('removal').textContent).toContain(what)
  expect(screen.getByTestId('removal').textContent).toContain(stays)
})

test.each([
  ['removal-yes', 'onconfirm', 'ondecline'],
  ['keep', 'ondecline', 'onconfirm'],
] as const)('%s answers %s only', async (button, want, not) => {
  const acts = show(0)
  await fireEvent.click(screen.getByTestId(button))
  expect(acts[want]).toHaveBeenCalledTimes(1)
  expect(acts[not]).not.toHaveBeenCalled()
})
