import { expect, test } from 'vitest'
import { boundsOf, pointsOf, revealed } from './quad'

test('the bounds of a turned quad hold all its corners', () => {
  const bounds = boundsOf([
    [50, 10],
    [90, 40],
    [60, 80],
    [20, 50],
  ])
  expect(bounds).toEqual({ left: 20, top: 10, right: 90, bottom: 80 })
})

test('points are written as SVG wants them', () => {
  const text = pointsOf([
    [0, 0.5],
    [10, 0.5],
    [10, 8],
    [0, 8],
  ])
  expect(text).toBe('0,0.5 10,0.5 10,8 0,8')
})

test.each([
  ['on view stays', 100, 200, 120, 180, 100],
  ['below goes to the middle', 0, 200, 300, 320, 210],
  ['above goes to the middle', 500, 200, 300, 320, 210],
  ['too large shows its start', 0, 200, 300, 900, 300],
])('what is %s', (_, scroll, size, start, end, want) => {
  expect(revealed(scroll, size, start, end)).toBe(want)
})
