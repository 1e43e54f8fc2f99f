import type { Backend } from '../api/backend'
import type { Changes, Snapshot } from '../api/types'

/** How long a batch may be late before we take a new snapshot instead, in ms. */
export const gapPatienceMs = 400

/** Where a Feed delivers. All are called in order, never while another one runs. */
export interface FeedSink {
  /** Everything may have changed: start again from this. */
  reset(snapshot: Snapshot): void
  /** The next batch. */
  apply(changes: Changes): void
  /** No snapshot was to be had; resync tries again. */
  failed(reason: unknown): void
}

/**
 * Feed puts the changes of the backend in order. It subscribes before it takes a snapshot,
 * holds what comes early, drops what the snapshot has already, waits a moment for batches
 * that were overtaken, and takes a new snapshot when one stays away.
 */
export class Feed {
  #backend: Backend
  #sink: FeedSink
  #held = new Map<number, Changes>()
  #seq: number | undefined // of the last batch or snapshot delivered
  #syncing = false
  #listening = false
  #gap: ReturnType<typeof setTimeout> | undefined

  constructor(backend: Backend, sink: FeedSink) {
    this.#backend = backend
    this.#sink = sink
  }

  /** Starts delivering; returns what stops it. */
  listen(): () => void {
    this.#listening = true
    const unsubscribe = this.#backend.onChanges((changes) => this.#receive(changes))
    void this.resync()
    return () => {
      this.#listening = false
      unsubscribe()
      clearTimeout(this.#gap)
    }
  }

  /** Takes a new snapshot and goes on from there. */
  async resync(): Promise<void> {
    if (this.#syncing) return
    this.#syncing = true
    clearTimeout(this.#gap)
    try {
      const snapshot = await this.#backend.snapshot()
      if (this.#listening) this.#start(snapshot)
    } catch (reason) {
      if (this.#listening) this.#sink.failed(reason)
    } finally {
      this.#syncing = false
    }
  }

  #start(snapshot: Snapshot): void {
    this.#seq = snapshot.seq
    for (const seq of this.#held.keys()) {
      if (seq <= snapshot.seq) this.#held.delete(seq)
    }
    this.#sink.reset(snapshot)
    this.#deliver()
  }

  #receive(changes: Changes): void {
    if (this.#seq !== undefined && changes.seq <= this.#seq) return
    this.#held.set(changes.seq, changes)
    if (!this.#syncing) this.#deliver()
  }

  #deliver(): void {
    clearTimeout(this.#gap)
    if (this.#seq === undefined) return
    for (;;) {
      const next = this.#held.get(this.#seq + 1)
      if (!next) break
      this.#seq = next.seq
      this.#held.delete(next.seq)
      this.#sink.apply(next)
    }
    if (this.#held.size > 0) this.#gap = setTimeout(() => void this.resync(), gapPatienceMs)
  }
}
