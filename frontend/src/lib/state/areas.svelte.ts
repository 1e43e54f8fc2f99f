import type { Region } from '../api/types'
import { isRegion } from './regions'

/** The strip that is added without a pointer: where headers stand. */
const strip: Region = { left: 0, top: 0, right: 1, bottom: 0.1 }

/** Areas are the parts of a page that a person wants ignored, while they are being chosen. */
export class Areas {
  #list = $state.raw<readonly Region[]>()
  #before: readonly Region[] = []
  #hasChanged = $derived(JSON.stringify(this.#list ?? []) !== JSON.stringify(this.#before))
  #isValid = $derived((this.#list ?? []).every(isRegion))

  /** Whether they are being chosen. */
  get isOn(): boolean {
    return this.#list !== undefined
  }

  get list(): readonly Region[] {
    return this.#list ?? []
  }

  /** Whether they are others than the page was read without. */
  get hasChanged(): boolean {
    return this.#hasChanged
  }

  /** Whether all of them are areas: numbers may be typed in any order. */
  get isValid(): boolean {
    return this.#isValid
  }

  /** Begins with the areas that the page was read without. */
  begin(before: readonly Region[]): void {
    this.#before = before
    this.#list = before
  }

  end(): void {
    this.#list = undefined
  }

  add(region: Region = strip): void {
    this.#list = [...this.list, region]
  }

  change(at: number, region: Region): void {
    this.#list = this.list.map((each, n) => (n === at ? region : each))
  }

  remove(at: number): void {
    this.#list = this.list.filter((_, n) => n !== at)
  }
}
