import { fireEvent, render, screen } from '@testing-library/svelte'
import { beforeEach, expect, test, vi } from 'vitest'
import { FakeBackend, fakeEngine } from '../api/fake'
import type { Engine } from '../api/types'
import { Locale, localeContext } from '../i18n/locale.svelte'
import { EngineWatch } from '../state/engine.svelte'
import { Notices } from '../state/notices.svelte'
import EngineButton from './EngineButton.svelte'

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

async function show(usage: Partial<Engine>) {
  const backend = new FakeBackend()
  backend.usage = fakeEngine(usage)
  const engine = new EngineWatch(backend, new Notices())
  const locale = new Locale(['en'], { getItem: () => null, setItem: () => undefined })
  render(EngineButton, { props: { engine }, context: localeContext(locale) })
  const stop = engine.watch()
  await vi.advanceTimersByTimeAsync(0)
  return { engine, stop, button: screen.getByTestId('engine') }
}

test('the figure is there while somebody watches, and goes when it is out of date', async () => {
  const { stop, button } = await show({ resident_bytes: 312 * 2 ** 20 })
  expect(button.textContent.trim()).toBe('312 MiB')
  stop()
  await vi.advanceTimersByTimeAsync(0)
  expect(button.textContent.trim()).toBe('')
})

test('the details open beside the button, and Escape gives the focus back', async () => {
  const { engine, stop, button } = await show({
    budget_bytes: 2 ** 31,
    devices: [{ name: 'webgpu', slots: 4, busy: 3, sessions: 1 }],
    on_battery: true,
    notices: [{ code: 'unavailable', message: 'the graphics card cannot be used' }],
  })
  await fireEvent.click(button)
  const details = screen.getByTestId('engine-details').textContent
  expect(engine.isOpen).toBe(true)
  expect(details).toContain('2.0 GiB')
  expect(details).toContain('3 of 4 busy, 1 model loaded')
  expect(details).toContain('On battery: fewer cores are used.')
  expect(details).toContain('The graphics card cannot be used.')

  await fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' })
  expect(screen.queryByTestId('engine-details')).toBeNull()
  expect(document.activeElement).toBe(button)
  stop()
})

test('a second click closes the details, and so does one elsewhere', async () => {
  const { engine, stop, button } = await show({})
  await fireEvent.click(button)
  await fireEvent.pointerDown(button)
  await fireEvent.click(button)
  expect(engine.isOpen).toBe(false)
  await fireEvent.click(button)
  await fireEvent.pointerDown(document.body)
  expect(engine.isOpen).toBe(false)
  stop()
})

test('that the battery holds everything up is said on the button', async () => {
  const { stop, button } = await show({ held: true, on_battery: true })
  expect(button.getAttribute('aria-label')).toBe('Paused: the battery is low.')
  stop()
})
