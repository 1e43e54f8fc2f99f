import { expect, test } from 'vitest'
import type { Point, Quad, Region } from '../api/types'
import { Areas } from './areas.svelte'
import { covers, isRegion, regionBetween } from './regions'

const region = (left: number, top: number, right: number, bottom: number): Region => ({
  left,
  top,
  right,
  bottom,
})

test.each<[Point, Point, Region | undefined]>([
  [[0.1, 0.2], [0.3, 0.4], region(0.1, 0.2, 0.3, 0.4)],
  [[0.3, 0.4], [0.1, 0.2], region(0.1, 0.2, 0.3, 0.4)],
  [[0.3, 0.2], [0.1, 0.4], region(0.1, 0.2, 0.3, 0.4)],
  [[-1, 0.5], [2, 9], region(0, 0.5, 1, 1)],
  [[0.12345, 0], [0.98765, 1], region(0.123, 0, 0.988, 1)],
  [[0.5, 0.5], [0.5, 0.5], undefined],
  [[0.1, 0.5], [0.9, 0.502], undefined],
  [[1.2, 0], [1.5, 1], undefined], // all of it beyond the page
])('between %j and %j lies %j', (from, to, want) => {
  expect(regionBetween(from, to)).toEqual(want)
})

test.each<[Region, boolean]>([
  [region(0, 0, 1, 1), true],
  [region(0.5, 0, 0.5, 1), false],
  [region(0, 0.6, 1, 0.5), false],
  [region(-0.1, 0, 1, 1), false],
  [region(0, 0, 1, 1.1), false],
  [region(NaN, 0, 1, 1), false],
])('%j is an area: %j', (area, want) => {
  expect(isRegion(area)).toBe(want)
})

test('a line is left out when its middle lies in the area', () => {
  const quad = (top: number): Quad => [
    [100, top],
    [300, top],
    [300, top + 20],
    [100, top + 20],
  ]
  const header = region(0, 0, 1, 0.1)
  expect(covers(header, quad(80), 400, 1000)).toBe(true) // its middle is at 90
  expect(covers(header, quad(95), 400, 1000)).toBe(false)
  expect(covers(region(0, 0, 0.4, 1), quad(80), 400, 1000)).toBe(false)
})

test('areas begin with those that were ignored, and end without a trace', () => {
  const areas = new Areas()
  const before = [region(0, 0, 1, 0.1)]
  areas.begin(before)
  expect([areas.isOn, areas.hasChanged, areas.isValid]).toEqual([true, false, true])
  areas.add(region(0, 0.9, 1, 1))
  areas.change(1, region(0, 0.9, 1, 0.9))
  expect([areas.list.length, areas.hasChanged, areas.isValid]).toEqual([2, true, false])
  areas.remove(1)
  expect([areas.hasChanged, areas.isValid]).toEqual([false, true])
  areas.end()
  expect([areas.isOn, areas.list]).toEqual([false, []])
  expect(before).toHaveLength(1)
})
