import { expect, test } from 'vitest'
import { cut, marked, rowsOf, type Stretch } from './sentences'

/** Stretches in short: sentences with their number. */
function inShort(stretches: readonly Stretch[]): string[] {
  return stretches.map(({ text, at }) => (at === undefined ? text : `${at}:${text}`))
}

test.each<[string, string, string[], string[]]>([
  ['one after the other', 'One. Two.', ['One.', 'Two.'], ['0:One.', ' ', '1:Two.']],
  [
    'across lines',
    'A long\nsentence. B.',
    ['A long sentence.', 'B.'],
    ['0:A long\nsentence.', ' ', '1:B.'],
  ],
  ['parted words', 'trans-\nlate it', ['translate it'], ['0:trans-\nlate it']],
  ['the same twice', 'No. No.', ['No.', 'No.'], ['0:No.', ' ', '1:No.']],
  ['marks of lists stay outside', '- a\n- b', ['a', 'b'], ['- ', '0:a', '\n- ', '1:b']],
  ['what is not there is passed over', 'A. C.', ['A.', 'B.', 'C.'], ['0:A.', ' ', '2:C.']],
  ['nothing', '', ['A.'], []],
  ['no sentences', 'A.', [], ['A.']],
  ['empty ones', 'A.', ['', ' ', 'A.'], ['2:A.']],
  ['beyond the plane', '😀好。坏😀', ['😀好。', '坏😀'], ['0:😀好。', '1:坏😀']],
])('sentences are found: %s', (_, text, sentences, want) => {
  expect(inShort(cut(text, sentences))).toEqual(want)
})

test('lines of the translation stand beside those of the text', () => {
  const source = cut('One.\nTwo. Three.\n\nFour.', ['One.', 'Two.', 'Three.', 'Four.'])
  const target = cut('一。\n二。三。\n\n四。', ['一。', '二。', '三。', '四。'])
  const rows = rowsOf(source, target).map((row) => [inShort(row.source), inShort(row.target)])
  expect(rows).toEqual([
    [['0:One.'], ['0:一。']],
    [
      ['1:Two.', ' ', '2:Three.'],
      ['1:二。', '2:三。'],
    ],
    [['3:Four.'], ['3:四。']],
  ])
})

test('the mark of a list stays with its line', () => {
  const source = cut('Two:\n- a\n  - b', ['Two:', 'a', 'b'])
  const target = cut('二：\n- 甲\n  - 乙', ['二：', '甲', '乙'])
  const rows = rowsOf(source, target).map((row) => [inShort(row.source), inShort(row.target)])
  expect(rows).toEqual([
    [['0:Two:'], ['0:二：']],
    [
      ['- ', '1:a'],
      ['- ', '1:甲'],
    ],
    [
      ['  - ', '2:b'],
      ['  - ', '2:乙'],
    ],
  ])
})

test('nothing of a text is lost where its translation has fewer lines, or none', () => {
  const source = cut('One.\nTwo.\nThe rest', ['One.', 'Two.'])
  const all = (target: Stretch[]) =>
    rowsOf(source, target).map((row) => inShort(row.source).join(''))
  expect(all(cut('一。二。', ['一。', '二。']))).toEqual(['0:One.\n1:Two.\nThe rest'])
  expect(all([])).toEqual(['0:One.\n1:Two.\nThe rest'])
  expect(rowsOf([], [])).toEqual([])
})

test('a translation stands alone', () => {
  const rows = rowsOf([], cut('一。\n二。', ['一。', '二。']))
  expect(rows.map((row) => inShort(row.target))).toEqual([['0:一。'], ['1:二。']])
})

test('labels mark their part of a text, which is counted in bytes', () => {
  const label = (start: number, end: number) => ({ model: 'm', label: 'PER', score: 1, start, end })
  const parts = marked('\ufeff李白 met Bo.', [
    label(14, 16),
    label(3, 9),
    label(4, 8),
    label(90, 99),
  ])
  expect(parts.map(({ text, label: found }) => [text, found?.start])).toEqual([
    ['\ufeff', undefined],
    ['李白', 3],
    [' met ', undefined],
    ['Bo', 14],
    ['.', undefined],
  ])
})
