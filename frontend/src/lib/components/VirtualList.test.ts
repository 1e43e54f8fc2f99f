import { fireEvent, render, screen } from '@testing-library/svelte'
import { createRawSnippet } from 'svelte'
import { expect, test, vi } from 'vitest'
import VirtualList from './VirtualList.svelte'

interface Row {
  id: number
}

const rows: Row[] = Array.from({ length: 10_000 }, (_, at) => ({ id: at + 1 }))
const row = createRawSnippet((item: () => Row) => ({ render: () => `<p>row ${item().id}</p>` }))

function show(chosen: number | undefined) {
  const onchoose = vi.fn()
  const keyOf = (item: Row) => item.id
  render(VirtualList<Row>, {
    props: { items: rows, rowHeightPx: 40, label: 'rows', keyOf, chosen, onchoose, row },
  })
  return { onchoose, list: screen.getByRole('listbox') }
}

test('of 10,000 rows only those on view are in the page', () => {
  show(undefined)
  expect(screen.getAllByRole('option').length).toBeLessThan(50)
  expect(screen.getByText('row 1')).toBeTruthy()
})

test('after scrolling it shows the rows there, and says where they are', async () => {
  const { list } = show(undefined)
  list.scrollTop = 40 * 5000
  await fireEvent.scroll(list)

  expect(screen.queryByText('row 1')).toBeNull()
  const option = screen.getByText('row 5001').closest('[role=option]')
  expect(option?.getAttribute('aria-posinset')).toBe('5001')
  expect(option?.getAttribute('aria-setsize')).toBe('10000')
})

test.each([
  ['ArrowDown', 4],
  ['ArrowUp', 2],
  ['Home', 1],
  ['End', 10_000],
])('%s moves the choice', async (key, want) => {
  const { list, onchoose } = show(3)
  await fireEvent.keyDown(list, { key })
  expect(onchoose).toHaveBeenCalledWith({ id: want })
})

test('a click chooses its row, and the chosen row is marked', async () => {
  const { onchoose } = show(2)
  expect(screen.getByText('row 2').closest('[aria-selected=true]')).not.toBeNull()
  await fireEvent.click(screen.getByText('row 4'))
  expect(onchoose).toHaveBeenCalledWith({ id: 4 })
})
