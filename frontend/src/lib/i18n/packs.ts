import type { Pack } from '../api/types'
import type { Messages } from './en'

/** How many languages are named before the rest is counted. */
const namedLanguages = 3

// What stands where there is no language: BCP 47 has tags for it.
const noLanguages = new Set(['mul', 'und', 'zxx'])

/** What languages a pack is for; empty where that is not a matter of languages. */
export function languagesInWords(
  { task, from, to, languages }: Pack,
  t: Messages['models'],
  nameOf: (language: string) => string,
): string {
  const [source, target] = [from[0], to[0]]
  if (task === 'translation' && source !== undefined && target !== undefined) {
    if (from.length + to.length > 4) return t.pairs(from.length, to.length)
    return t.pair(from.map(nameOf).join(', '), to.map(nameOf).join(', '))
  }
  const known = languages.filter((language) => !noLanguages.has(language))
  const first = known.slice(0, namedLanguages).map(nameOf)
  return t.languages(first.join(', '), known.length - first.length)
}
