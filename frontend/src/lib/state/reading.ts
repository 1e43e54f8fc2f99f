import type { Layout, Reading, TextSource } from '../api/types'

/** The layouts to choose from, the usual one first (inkpool.Layouts). */
export const layouts: readonly Layout[] = ['lines', 'paragraphs', 'single', 'code', 'raw']

/** Where text of documents may come from, the usual one first (inkpool.TextSources). */
export const sources: readonly TextSource[] = ['mixed', 'image', 'text']

/**
 * The sizes to look for lines at, in pixels of a page's longer side; 0 leaves it to the page.
 * The first is what the bundled model was released with; what the others cost grows with
 * their area.
 */
export const detectSides: readonly number[] = [0, 960, 1280, 1600, 2240]

/** The scores of lines that a person may set. */
export type ScoreName = 'box_score' | 'text_score'

/** The scores of the bundled model (backend/ocr/numbers.go): where the sliders stand at first. */
export const bundledScores: Record<ScoreName, number> = { box_score: 0.5, text_score: 0.5 }

/** How many times the work of the first size it is to look for lines at a size, as a whole number. */
export function workOf(side: number): number {
  return Math.round((side / 960) ** 2)
}

/** Leaves out of a reading what is as usual, so that it says what differs and nothing else. */
export function tidied(reading: Reading): Reading {
  const usual: Required<Reading> = {
    pack: '',
    layout: 'lines',
    source: 'mixed',
    ignore: [],
    upright: false,
    detect_side: 0,
    box_score: 0,
    text_score: 0,
  }
  const differing = Object.entries(reading).filter(
    ([key, value]: [string, unknown]) =>
      value !== undefined &&
      value !== usual[key as keyof Reading] &&
      !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(differing)
}

/** Reports whether pages are read as usual. */
export function isUsual(reading: Reading | undefined): boolean {
  return Object.keys(tidied(reading ?? {})).length === 0
}
