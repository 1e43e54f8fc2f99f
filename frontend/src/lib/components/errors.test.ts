import { render, screen } from '@testing-library/svelte'
import { expect, test } from 'vitest'
import type { Failure } from '../api/types'
import { Locale, localeContext } from '../i18n/locale.svelte'
import ErrorNote from './ErrorNote.svelte'
import NoticeList from './NoticeList.svelte'

const context = (language: string) =>
  localeContext(new Locale([language], { getItem: () => null, setItem: () => undefined }))

const encrypted: Failure = { code: 'encrypted', message: '' }

test.each([
  ['en', 'This is protected by a password.', 'Choose the file in the list and type its password.'],
  ['zh', '该文件受密码保护。', '请在列表中选中该文件并输入密码。'],
])('an error says what happened and what to do: %s', (language, what, hint) => {
  render(ErrorNote, { props: { failure: encrypted }, context: context(language) })
  const alert = screen.getByRole('alert')
  expect(alert.textContent).toContain(what)
  expect(alert.textContent).toContain(hint)
  expect(screen.queryByTestId('detail')).toBeNull()
})

test('what only Go can say stands below in its own language', () => {
  const failure = { code: 'not_found', message: 'there are no files in this folder' }
  render(ErrorNote, { props: { failure }, context: context('zh') })
  const detail = screen.getByTestId('detail')
  expect(detail.textContent.trim()).toBe('There are no files in this folder.')
  expect(detail.lang).toBe('en')
})

test('notices are told to screen readers, good and bad', () => {
  const notices = [
    { id: 1, failure: encrypted },
    { id: 2, words: (t: { notice: { copied: string } }) => t.notice.copied },
  ]
  render(NoticeList, { props: { notices, ondismiss: () => undefined }, context: context('en') })
  const status = screen.getByRole('status')
  expect(status.textContent).toContain('This is protected by a password.')
  expect(status.textContent).toContain('Copied')
})
