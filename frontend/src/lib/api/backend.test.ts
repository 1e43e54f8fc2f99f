import { expect, test } from 'vitest'
import { BackendError, failureOf } from './backend'

const failure = { code: 'disk_full', message: 'the disk is full', hint: 'free some space' }

test.each([
  ['an object', failure],
  ['an Error whose message is its JSON, as Wails makes it', new Error(JSON.stringify(failure))],
  ['a string of JSON', JSON.stringify(failure)],
  ['a BackendError', new BackendError(failure)],
])('a failure is found in %s', (_, reason) => {
  expect(failureOf(reason)).toEqual(failure)
})

test.each([
  ['an Error', new Error('socket closed'), 'socket closed'],
  ['a string', 'socket closed', 'socket closed'],
  ['JSON of something else', '{"a":1}', '{"a":1}'],
  ['broken JSON', '{"code":', '{"code":'],
])('%s without a code is internal', (_, reason, message) => {
  expect(failureOf(reason)).toEqual({ code: 'internal', message })
})
