import { afterEach, beforeEach, expect, test } from 'vitest'
import { Drag } from './drag.svelte'

let drag: Drag
let stop: () => void

beforeEach(() => {
  drag = new Drag()
  stop = drag.guard(window)
})
afterEach(() => stop())

function fire(type: string, ...types: string[]): Event {
  const event = new Event(type, { bubbles: true, cancelable: true })
  Object.assign(event, { dataTransfer: { types, dropEffect: 'none' } })
  document.body.dispatchEvent(event)
  return event
}

test.each([
  ['WebKitGTK', ['text/uri-list', 'text/html']],
  ['Chromium', ['Files']],
])('a drop of files is kept from the web view: %s', (_, types) => {
  for (const type of ['dragenter', 'dragover', 'drop']) {
    expect(fire(type, ...types).defaultPrevented).toBe(true)
  }
})

test('a drag of text is left alone', () => {
  for (const type of ['dragenter', 'dragover', 'drop']) {
    expect(fire(type, 'text/plain').defaultPrevented).toBe(false)
  }
  expect(drag.over).toBe(false)
})

test('the window knows that files are over it while they pass from element to element', () => {
  fire('dragenter', 'Files')
  fire('dragenter', 'Files')
  fire('dragleave', 'Files')
  expect(drag.over).toBe(true)
  fire('dragleave', 'Files')
  expect(drag.over).toBe(false)
})

test('a drop ends the drag, however deep it was', () => {
  fire('dragenter', 'Files')
  fire('dragenter', 'Files')
  fire('drop', 'Files')
  expect(drag.over).toBe(false)
})

test('nothing is guarded after it was stopped', () => {
  stop()
  expect(fire('drop', 'Files').defaultPrevented).toBe(false)
})
