/**
 * Drag knows whether files are being dragged over the window, and keeps the web view from
 * opening what is dropped: without it WebKitGTK leaves the page and shows the file, because
 * Wails' own listener overlooks drags that carry text/uri-list (wailsapp/wails#3686).
 * Dropped paths are not read here: Go gets them from the window itself.
 */
export class Drag {
  #depth = $state(0) // dragenter and dragleave come in pairs for each element passed

  /** Whether files are over the window now. */
  get over(): boolean {
    return this.#depth > 0
  }

  /** Starts guarding the window; returns what stops it. Call it before anything is mounted. */
  guard(target: Window): () => void {
    const listeners = {
      dragenter: (event: DragEvent) => this.#enter(event),
      dragover: (event: DragEvent) => void claim(event),
      dragleave: (event: DragEvent) => this.#leave(event),
      drop: (event: DragEvent) => this.#drop(event),
    }
    const types = Object.keys(listeners) as (keyof typeof listeners)[]
    for (const type of types) target.addEventListener(type, listeners[type], true)
    return () => {
      for (const type of types) target.removeEventListener(type, listeners[type], true)
    }
  }

  #enter(event: DragEvent): void {
    if (claim(event)) this.#depth++
  }

  #leave(event: DragEvent): void {
    if (bringsFiles(event)) this.#depth = Math.max(0, this.#depth - 1)
  }

  #drop(event: DragEvent): void {
    claim(event)
    this.#depth = 0
  }
}

function claim(event: DragEvent): boolean {
  if (!bringsFiles(event)) return false
  event.preventDefault()
  if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
  return true
}

// Links and pictures dragged within the page look the same; ours are draggable="false".
function bringsFiles(event: DragEvent): boolean {
  const types = event.dataTransfer?.types ?? []
  return types.includes('Files') || types.includes('text/uri-list')
}
