import { getContext } from 'svelte'
import type { Code, Failure, Pack, Reading, Steps } from '../api/types'
import type { Missing } from '../state/steps'
import { en, type ErrorText, type Messages } from './en'
import { explain, type Explanation } from './explain'
import { languagesInWords } from './packs'
import { inWords } from './reading'
import { inWords as stepsInWords, missingInWords } from './steps'
import { zh } from './zh'

/** The languages of the window, by their BCP 47 tag. */
export type Language = 'en' | 'zh'

const messages: Record<Language, Messages> = { en, zh }
const formats: Record<Language, string> = { en: 'en-GB', zh: 'zh-CN' }
const storageKey = 'inkpool.language'

/** Where the choice is kept between starts: localStorage, or a map in tests. */
export type Memory = Pick<Storage, 'getItem' | 'setItem'>

/**
 * Locale knows the language of the window: its words (t) and how it writes numbers, dates
 * and errors. What it returns changes with the language, so read it where it is shown.
 */
export class Locale {
  #memory: Memory
  #language = $state<Language>('en')
  #time = $derived(this.#dates({ hour: '2-digit', minute: '2-digit' }))
  #day = $derived(this.#dates({ month: 'short', day: 'numeric' }))
  #year = $derived(this.#dates({ year: 'numeric', month: 'short', day: 'numeric' }))
  #clock = $derived(this.#dates({ hour: '2-digit', minute: '2-digit', second: '2-digit' }))
  #decimal = $derived(
    new Intl.NumberFormat(formats[this.#language], {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    }),
  )
  #number = $derived(new Intl.NumberFormat(formats[this.#language]))
  #languageNames = $derived(new Intl.DisplayNames(formats[this.#language], { type: 'language' }))
  #percent = $derived(new Intl.NumberFormat(formats[this.#language], { style: 'percent' }))

  /** preferred are BCP 47 tags, best first; a remembered choice goes before them. */
  constructor(preferred: readonly string[], memory: Memory) {
    this.#memory = memory
    this.#language = languageOf(memory.getItem(storageKey)) ?? firstKnown(preferred) ?? 'en'
  }

  get language(): Language {
    return this.#language
  }

  /** The words of the window. */
  get t(): Messages {
    return messages[this.#language]
  }

  /** Switches to another language and remembers it. */
  choose(language: Language): void {
    this.#language = language
    this.#memory.setItem(storageKey, language)
  }

  /** A moment as a person would write it: the time today, else the date. */
  when(ms: number, now = Date.now()): string {
    const moment = new Date(ms)
    const today = new Date(now)
    if (moment.toDateString() === today.toDateString()) return this.#time.format(moment)
    const sameYear = moment.getFullYear() === today.getFullYear()
    return (sameYear ? this.#day : this.#year).format(moment)
  }

  number(value: number): string {
    return this.#number.format(value)
  }

  /** A share of 0..1 as whole per cent. */
  percent(share: number): string {
    return this.#percent.format(share)
  }

  /** The time of day to the second, with the date unless it is today. */
  moment(ms: number, now = Date.now()): string {
    const time = this.#clock.format(ms)
    const isToday = new Date(ms).toDateString() === new Date(now).toDateString()
    return isToday ? time : `${this.when(ms, now)}, ${time}`
  }

  /** How long something took: whole ms below a second, else seconds with one decimal. */
  duration(ms: number): string {
    return ms < 1000 ? `${this.number(Math.round(ms))} ms` : `${this.#decimal.format(ms / 1000)} s`
  }

  /** A size on a disk, in MB, or in GB with one decimal. */
  size(bytes: number): string {
    const mb = bytes / 1e6
    if (mb >= 1000) return `${this.#decimal.format(mb / 1000)} GB`
    return `${mb < 10 ? this.#decimal.format(mb) : this.number(Math.round(mb))} MB`
  }

  /** A size in memory, in MiB, or in GiB with one decimal. */
  bytes(bytes: number): string {
    const mib = Math.round(bytes / 2 ** 20)
    return mib < 1024 ? `${mib} MiB` : `${this.#decimal.format(mib / 1024)} GiB`
  }

  /**
   * A failure in the reader's words, and in Go's where those say more. known has sentences for
   * codes that fit better than the general ones.
   */
  explain(failure: Failure, known: Partial<Record<Code, ErrorText>> = {}): Explanation {
    return explain(failure, { ...this.t.errors, ...known }, this.#language === 'en')
  }

  /** What differs from the usual in how pages are read. */
  reading(reading: Reading): string[] {
    return inWords(reading, this.t.reading, (share) => this.percent(share))
  }

  /** What is done beyond reading. */
  steps(steps: Steps): string[] {
    return stepsInWords(steps, this.t.steps, (tag) => this.languageName(tag))
  }

  /** What cannot be done of it, and what to do about that. */
  missing(missing: Missing): ErrorText {
    return missingInWords(missing, this.t.steps, (tag) => this.languageName(tag))
  }

  /** What languages a pack is for; empty where that is not a matter of languages. */
  languagesOf(pack: Pack): string {
    return languagesInWords(pack, this.t.models, (tag) => this.languageName(tag))
  }

  /** What a language is called, by its BCP 47 tag; the tag itself where nobody knows. */
  languageName(tag: string): string {
    try {
      return this.#languageNames.of(tag) ?? tag
    } catch {
      return tag // no tag by its form
    }
  }

  /** Languages as a person looks for them: by what they are called. */
  sortedByName(tags: readonly string[]): { tag: string; name: string }[] {
    const collator = new Intl.Collator(formats[this.#language])
    const named = tags.map((tag) => ({ tag, name: this.languageName(tag) }))
    return named.sort((a, b) => collator.compare(a.name, b.name))
  }

  #dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(formats[this.#language], { hourCycle: 'h23', ...options })
  }
}

const contextKey = Symbol('locale')

/** The context that gives a component tree its locale, for mount and render. */
export function localeContext(locale: Locale): Map<unknown, unknown> {
  return new Map([[contextKey, locale]])
}

/** The locale of the component that is being set up. */
export function useLocale(): Locale {
  return getContext<Locale>(contextKey)
}

function firstKnown(tags: readonly string[]): Language | undefined {
  return tags.map(languageOf).find((language) => language !== undefined)
}

function languageOf(tag: string | null): Language | undefined {
  const primary = tag?.toLowerCase().split('-')[0]
  return primary === 'en' || primary === 'zh' ? primary : undefined
}
