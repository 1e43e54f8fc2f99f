// The JSON shapes that Go sends: a mirror of backend/view and of desktop's own answers.
// Times are Unix milliseconds, coordinates are pixels of the upright page.

/** Where a task is in its life. */
export type State = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'quarantined'

/** A job's state is derived from its tasks', unless it waits for a person. */
export type JobState = State | 'paused'

/** The states that a task can be tried again from. */
export type RetryState = 'failed' | 'cancelled' | 'quarantined'

/** What is meant: the task unless it is 0, else the job's tasks unless that is 0, else all. */
export interface Scope {
  job: number
  task: number
}

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
  state: JobState
  paused: boolean // nothing more of it is started
  tasks: number
  queued: number
  running: number
  done: number
  failed: number // quarantined ones included
  cancelled: number
  created_at_ms: number
  reading?: Reading // absent: as usual
  steps?: Steps // absent: nothing is done beyond reading
}

/** How the lines of a page become its text; usually 'lines'. */
export type Layout = 'lines' | 'paragraphs' | 'single' | 'code' | 'raw'

/** Which text of a page that carries its own; usually 'mixed': its own where it is sound. */
export type TextSource = 'mixed' | 'image' | 'text'

/** How pages are read. What is absent is as usual. */
export interface Reading {
  pack?: string
  layout?: Layout
  source?: TextSource
  ignore?: readonly Region[]
  upright?: boolean // nothing is turned to be read
  detect_side?: number // pixels
  box_score?: number // 0..1
  text_score?: number // 0..1
}

/** A rectangle on a page in parts of its upright width and height, 0..1. */
export interface Region {
  left: number
  top: number
  right: number
  bottom: number
}

/** What is done with pages and texts. What is absent is not done. */
export interface Steps {
  no_reading?: boolean // pictures are labelled only
  translate?: Translating
  label?: Labelling
}

/** Which way texts are translated. */
export interface Translating {
  from?: string // BCP 47; absent: what each text turns out to be in
  to: string // BCP 47
  pack?: string // absent: an installed one that knows both languages
}

/** What gives labels. */
export interface Labelling {
  packs?: readonly string[] // absent: every installed one that fits
}

/** What models are for: the names of the field. */
export type ModelTask =
  'ocr' | 'translation' | 'text-classification' | 'token-classification' | 'image-classification'

/** What there is of a pack. */
export type PackState = 'bundled' | 'installed' | 'damaged' | 'not installed'

/** A version of a pack of models. */
export interface Pack {
  id: string
  version: string
  name: string // empty for a damaged one
  task: ModelTask | '' // empty for a damaged one
  state: PackState
  current: boolean // what its id stands for: it can be used, and is the newest that is installed
  languages: readonly string[] // BCP 47
  from: readonly string[] // of translation: BCP 47
  to: readonly string[]
  licence: string // SPDX
  noncommercial: boolean // the licence forbids commercial use
  source: string // where it comes from, for people
  bytes: number // 0: not known
  error?: Failure // of a damaged one
}

/** The installation of a pack, while it goes on and once it has ended. */
export interface PackWork {
  id: number // grows; no two have the same
  name: string // of the file, or the id of what is fetched
  what: 'add' | 'download'
  state: 'running' | 'done' | 'failed' | 'stopped'
  done: number // bytes
  total: number // bytes; 0: not known
  pack?: Pack
  already?: boolean // it was there before
  error?: Failure
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
  held?: boolean // paused by itself
  attempt: number
  error?: Failure
  progress?: Progress
}

/** How far a running task has come that takes long. */
export interface Progress {
  done: number // sentences
  total: number
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
  rotation?: number // degrees clockwise by which the page was turned
  text: string
  lines?: Line[]
  language?: Language // of the text; absent where it cannot be told
  labels?: Label[] // by model, the likeliest first
  label_error?: Failure // why labels are missing that were asked for
  translation?: Translation // absent where none was asked for
  error: Failure | null
  attempt: number
  ms?: Timing
}

/** What a text is written in. */
export interface Language {
  code: string // BCP 47
  score: number // 0..1
}

/** What a model says of a page or a text. */
export interface Label {
  model: string
  label: string
  score: number // 0..1
  text?: string // the part of the text that it is about; absent: all of it
  start?: number // of that part, in bytes of the text's UTF-8
  end?: number
}

/** The text in another language. */
export interface Translation {
  from: string // BCP 47
  to: string
  model?: string
  text: string
  segments?: Segment[] // in the order of the text
  error?: Failure // why there is none, or only a part
}

/** A piece of the text that was translated by itself. */
export interface Segment {
  source: string
  target: string
  doubtful?: boolean // the model lost its way
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
  held?: boolean
  attempt: number
  error?: Failure
  progress?: Progress
}

/** One batch of the change feed. seq grows by one; batches may arrive out of order. */
export interface Changes {
  seq: number
  jobs: Job[]
  gone: number[] // jobs that have been removed
  many: number[] // jobs whose tasks are to be read again: too many have changed
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
  recovered: number // tasks of an earlier run that was cut short: queued again
  quarantined: number // set aside instead
}

/** One line of a task's log. */
export interface LogEntry {
  at_ms: number
  attempt: number
  what: string // 'queued', 'running', 'done', 'requeued', …
  detail?: string
  took_ms?: number
}

/** What the engine takes of the machine now. */
export interface Engine {
  process: number // id of the engine's process; 0 while there is none
  resident_bytes: number // of that process
  peak_bytes: number
  budget_bytes: number // what pages at work may take
  reserved_bytes: number // of that, taken now
  restarts: number // after its process had died
  devices: Device[]
  notices: Failure[]
  on_battery: boolean // fewer cores are used
  held: boolean // everything waits, because the battery is low
}

/** One device of the engine. */
export interface Device {
  name: string // 'cpu', 'webgpu', …
  slots: number
  busy: number
  sessions: number // models loaded
}

/** The formats that a job can be exported to. */
export type ExportFormat = 'txt' | 'csv' | 'jsonl'
