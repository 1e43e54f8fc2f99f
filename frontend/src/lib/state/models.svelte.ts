import { failureOf, type Backend } from '../api/backend'
import type { Failure, Pack, PackWork } from '../api/types'
import type { Step } from './adding.svelte'
import { noticeMs, type Notices } from './notices.svelte'
import { labellers, translators } from './steps'

/** What a look at the files of a pack has shown. */
export type Verified = 'whole' | 'unhashed' | Failure

/** Models are the packs of models: those that are here, and those that can be had. */
export class Models {
  #backend: Backend
  #notices: Notices
  #list = $state.raw<readonly Pack[]>()
  #works = $state.raw<readonly PackWork[]>([])
  #seen = new Set<number>() // works that have ended
  #isOpen = $state(false)
  #removal = $state.raw<Pack>()
  #download = $state.raw<Pack>()
  #verifying = $state<string>()
  #verified = $state.raw<ReadonlyMap<string, Verified>>(new Map())
  #problem = $state.raw<Failure>()
  #readers = $derived(this.list.filter(({ current, task }) => current && task === 'ocr'))
  #translators = $derived(translators(this.list))
  #labellers = $derived(labellers(this.list))
  #able = $derived(
    [
      this.#translators.length > 0 && ('translate' as const),
      this.#labellers.length > 0 && ('label' as const),
    ].filter((step) => step !== false),
  )

  constructor(backend: Backend, notices: Notices) {
    this.#backend = backend
    this.#notices = notices
  }

  /** Whether they are on view. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Whether Go has said which there are. */
  get isKnown(): boolean {
    return this.#list !== undefined
  }

  /** All of them, the bundled one first. */
  get list(): readonly Pack[] {
    return this.#list ?? []
  }

  /** Those that read. */
  get readers(): readonly Pack[] {
    return this.#readers
  }

  get translators(): readonly Pack[] {
    return this.#translators
  }

  get labellers(): readonly Pack[] {
    return this.#labellers
  }

  /** The steps that those can do which are here. */
  get able(): readonly Step[] {
    return this.#able
  }

  /** Installations that go on, or have ended and were not dismissed; the oldest first. */
  get works(): readonly PackWork[] {
    return this.#works
  }

  /** What is about to be removed, once the person has confirmed it. */
  get removal(): Pack | undefined {
    return this.#removal
  }

  /** What is about to be fetched, once the person has accepted its licence. */
  get download(): Pack | undefined {
    return this.#download
  }

  /** Why the last thing could not be done. */
  get problem(): Failure | undefined {
    return this.#problem
  }

  /** Starts listening to the backend; returns what stops it. */
  listen(): () => void {
    return this.#backend.onPackWork((work) => this.#take(work))
  }

  /** Asks Go which there are. */
  async begin(): Promise<void> {
    try {
      this.#list = await this.#backend.packs()
    } catch (reason) {
      this.#notices.fail(reason)
    }
  }

  /** Puts them on view. */
  open(): void {
    this.#isOpen = true
    this.#problem = undefined
    void this.begin()
  }

  close(): void {
    this.#isOpen = false
    this.#verified = new Map()
  }

  /** The download of a pack that goes on, if any. */
  workOf(pack: Pack): PackWork | undefined {
    return this.#works.find(
      ({ what, name, state }) => what === 'download' && name === pack.id && state === 'running',
    )
  }

  async addFiles(title: string, filterName: string): Promise<void> {
    await this.#try(async () => this.#add(await this.#backend.pickModel(title, filterName)))
  }

  async addFolder(title: string): Promise<void> {
    await this.#try(async () => this.#add(await this.#backend.pickFolder(title)))
  }

  /** Fetches a pack, or asks first whether the person keeps to its licence. */
  async fetch(pack: Pack): Promise<void> {
    if (pack.noncommercial) this.#download = pack
    else await this.#try(() => this.#backend.downloadPack(pack.id, false))
  }

  /** Fetches the pack whose licence the person has accepted. */
  async accept(): Promise<void> {
    const pack = this.#download
    this.#download = undefined
    if (pack) await this.#try(() => this.#backend.downloadPack(pack.id, true))
  }

  /** Leaves the pack where it is. */
  decline(): void {
    this.#download = undefined
    this.#removal = undefined
  }

  async stop(work: PackWork): Promise<void> {
    await this.#try(() => this.#backend.stopPack(work.id))
  }

  /** Takes an installation that has ended off the view. */
  dismiss(work: PackWork): void {
    this.#works = this.#works.filter(({ id }) => id !== work.id)
  }

  /** Asks whether a pack is to be removed. */
  remove(pack: Pack): void {
    this.#removal = pack
  }

  /** Removes what was to be removed. */
  async confirm(): Promise<void> {
    const pack = this.#removal
    this.#removal = undefined
    if (!pack) return
    await this.#try(() => this.#backend.removePack(pack.id, pack.version))
    await this.begin()
  }

  /** Compares the files of a pack with those that were published. One is looked at at a time. */
  async verify(pack: Pack): Promise<void> {
    if (this.#verifying !== undefined) return
    this.#verifying = keyOf(pack)
    this.#note(pack, undefined)
    try {
      const isHashed = await this.#backend.verifyPack(pack.id, pack.current ? '' : pack.version)
      this.#note(pack, isHashed ? 'whole' : 'unhashed')
    } catch (reason) {
      this.#note(pack, failureOf(reason))
    } finally {
      this.#verifying = undefined
    }
  }

  isVerifying(pack: Pack): boolean {
    return this.#verifying === keyOf(pack)
  }

  /** What the last look at the files of a pack has shown, if there was one. */
  verified(pack: Pack): Verified | undefined {
    return this.#verified.get(keyOf(pack))
  }

  async #add(paths: string[]): Promise<void> {
    if (paths.length > 0) await this.#backend.addPack(paths)
  }

  // A word that was overtaken by the last one says nothing any more.
  #take(work: PackWork): void {
    if (this.#seen.has(work.id)) return
    const known = this.#works.find(({ id }) => id === work.id)
    if (work.state === 'running' && known && known.done > work.done) return
    this.#works = known
      ? this.#works.map((each) => (each.id === work.id ? work : each))
      : [...this.#works, work]
    if (work.state !== 'running') this.#ended(work)
  }

  #ended(work: PackWork): void {
    this.#seen.add(work.id)
    void this.begin()
    if (work.state === 'done') setTimeout(() => this.dismiss(work), noticeMs)
  }

  #note(pack: Pack, verified: Verified | undefined): void {
    const all = new Map(this.#verified)
    if (verified) all.set(keyOf(pack), verified)
    else all.delete(keyOf(pack))
    this.#verified = all
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.#problem = undefined
    try {
      await work()
    } catch (reason) {
      this.#problem = failureOf(reason)
    }
  }
}

function keyOf({ id, version }: Pack): string {
  return `${id} ${version}`
}
