// The JSON shapes that Go sends: a mirror of backend/view and of desktop's own answers.
// Times are Unix milliseconds, coordinates are pixels of the upright page.

/** Where a task is in its life; a job's state is derived from its tasks'. */
export type State = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'quarantined'

/** What went wrong, for programs: the codes of backend/inkpool/error.go. */
export type Code =
  | 'invalid'
  | 'unsupported_format'
  | 'too_large'
  | 'encrypted'
  | 'not_found'
  | 'permission'
  | 'conflict'
  | 'model_missing'
  | 'model_corrupt'
  | 'timeout'
  | 'out_of_memory'
  | 'engine_crashed'
  | 'disk_full'
  | 'unavailable'
  | 'cancelled'
  | 'internal'

/** What a person reads when something failed. A newer Go side may send a code that we do not know. */
export interface Failure {
  code: string
  message: string
  hint?: string
}

/** One row of the history. */
export interface Job {
  id: number
  title: string
  state: State
  tasks: number
  queued: number
  running: number
  done: number
  failed: number // quarantined ones included
  cancelled: number
  created_at_ms: number
}

/** One page or one text of a job. */
export interface Task {
  id: number
  job: number
  index: number // position within the job, from 0
  name: string
  path: string
  page: number // from 1
  kind?: string // 'image' or 'text'; absent until it is known
  state: State
  attempt: number
  error?: Failure
}

/** A corner of a Quad: x to the right, y downwards. */
export type Point = [x: number, y: number]

/** The outline of a line of text, clockwise from the text's own top-left corner. */
export type Quad = [Point, Point, Point, Point]

/** One line of text of a page. */
export interface Line {
  text: string
  score: number // 0..1
  quad: Quad
  block: number
  vertical: boolean
}

/** Where the time of a task went, in milliseconds. */
export interface Timing {
  total: number
  wait: number
  infer: number
}

/** One page or text with everything that is known of it. */
export interface Page {
  v: number
  path: string
  page: number
  kind?: string
  status: State
  width?: number // of the upright page; absent for texts
  height?: number
  text: string
  lines?: Line[]
  error: Failure | null
  attempt: number
  ms?: Timing
}

/** The newest part of the history; changes with a seq at or below its own are in it. */
export interface Snapshot {
  seq: number
  jobs: Job[] // newest first
}

/** The new state of one task. */
export interface TaskChange {
  id: number
  job: number
  kind?: string
  state: State
  attempt: number
  error?: Failure
}

/** One batch of the change feed. seq grows by one; batches may arrive out of order. */
export interface Changes {
  seq: number
  jobs: Job[]
  tasks: TaskChange[]
}

/** What became of files that were dropped on the window. */
export interface Dropped {
  job?: Job
  error?: Failure
}

/** What this copy of the program is and whether it can work. */
export interface About {
  version: string
  model: string
  workers: number
  home: string
  ready: boolean
  problem?: Failure
}

/** The formats that a job can be exported to. */
export type ExportFormat = 'txt' | 'csv' | 'jsonl'
