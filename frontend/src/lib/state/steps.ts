import type { Labelling, Pack, Steps, Translating } from '../api/types'

/** What cannot be done of the steps, because no installed model does it. */
export interface Missing {
  /** The pack that is named and not there; absent: it is any that is wanted. */
  pack?: string
  /** What a text should have been translated into; absent: labels were wanted. */
  to?: string
}

/** The packs that translate. */
export function translators(packs: readonly Pack[]): Pack[] {
  return packs.filter(({ current, task }) => current && task === 'translation')
}

/** The packs that give labels. */
export function labellers(packs: readonly Pack[]): Pack[] {
  return packs.filter(({ current, task }) => current && task.endsWith('-classification'))
}

/** The languages that something can be translated into, each once. */
export function targets(packs: readonly Pack[]): string[] {
  return [...new Set(translators(packs).flatMap(({ to }) => to))]
}

/** The languages that a text may be in to be translated into another one, each once. */
export function sourcesFor(to: string, packs: readonly Pack[]): string[] {
  const from = fitting({ to }, packs).flatMap((pack) => pack.from)
  return [...new Set(from)].filter((language) => language !== to)
}

/** The packs that translate this way. */
export function fitting({ from, to }: Translating, packs: readonly Pack[]): Pack[] {
  return translators(packs).filter(
    (pack) => knows(pack.to, to) && (from === undefined || knows(pack.from, from)),
  )
}

/** The way to suggest: as before, else into the language of the window, else into any. */
export function suggested(
  before: Translating | undefined,
  language: string,
  packs: readonly Pack[],
): Translating | undefined {
  if (before) return before
  const all = targets(packs)
  const to = all.find((tag) => knows([tag], language)) ?? all[0]
  return to === undefined ? undefined : { to }
}

/** Leaves out of steps what says nothing, so that steps of the same effect look the same. */
export function tidied({ no_reading, translate, label }: Steps): Steps {
  const steps: Steps = {}
  if (translate?.to) steps.translate = tidiedWay(translate)
  if (label) steps.label = tidiedLabels(label)
  if (no_reading && label && !steps.translate) steps.no_reading = true
  return steps
}

/** Says what of the steps no installed model does, if anything. */
export function missing({ translate, label }: Steps, packs: readonly Pack[]): Missing | undefined {
  if (translate && fitting(translate, named(translate.pack, packs)).length === 0)
    return tidiedWay({ to: translate.to, pack: translate.pack ?? '' })
  const known = new Set(labellers(packs).map(({ id }) => id))
  const gone = label?.packs?.find((id) => !known.has(id))
  if (gone !== undefined) return { pack: gone }
  return label && known.size === 0 ? {} : undefined
}

function named(id: string | undefined, packs: readonly Pack[]): readonly Pack[] {
  return id ? packs.filter((pack) => pack.id === id) : packs
}

function tidiedWay({ from, to, pack }: Translating): Translating {
  return { to, ...(from && { from }), ...(pack && { pack }) }
}

function tidiedLabels({ packs }: Labelling): Labelling {
  return packs && packs.length > 0 ? { packs } : {}
}

function knows(languages: readonly string[], wanted: string): boolean {
  return languages.some((language) => isSame(language, wanted))
}

// None of what both say differs (modelpack.SameLanguage in Go): "zh" does for "zh-Hant", but
// "zh-Hans" does not.
function isSame(a: string, b: string): boolean {
  const [x, y] = [partsOf(a), partsOf(b)]
  const agree = (one: string, other: string) => one === '' || other === '' || one === other
  return x.language === y.language && agree(x.script, y.script) && agree(x.region, y.region)
}

// Regions that decide how Chinese is written stand for scripts.
const scriptsOfChinese = new Map([
  ...['cn', 'sg'].map((region) => [region, 'hans'] as const),
  ...['tw', 'hk', 'mo'].map((region) => [region, 'hant'] as const),
])

function partsOf(tag: string): { language: string; script: string; region: string } {
  const [language = '', ...parts] = tag.toLowerCase().split('-')
  const script = parts.find((part) => part.length === 4) ?? ''
  const region = parts.find((part) => part.length < 4) ?? ''
  const written = language === 'zh' ? scriptsOfChinese.get(region) : undefined
  return written ? { language, script: written, region: '' } : { language, script, region }
}
