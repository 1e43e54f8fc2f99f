import type { Code, JobState } from '../api/types'

const format = new Intl.NumberFormat('en')
const n = (value: number) => format.format(value)
const count = (value: number, one: string, many: string) =>
  value === 1 ? `1 ${one}` : `${n(value)} ${many}`

/** What happened, and what to do about it. */
export interface ErrorText {
  what: string
  hint: string
}

const states: Record<JobState, string> = {
  queued: 'Waiting',
  running: 'Reading',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
  quarantined: 'Set aside',
  paused: 'Paused',
}

const errors: Record<Code, ErrorText> = {
  invalid: {
    what: 'This is damaged or incomplete and cannot be read.',
    hint: 'Open it in another program, save it again, and add the new file.',
  },
  unsupported_format: {
    what: 'This is not a picture, document or text that Inkpool knows.',
    hint: 'Use PDF documents, PNG, JPEG, WebP, TIFF, BMP or GIF pictures, or plain text.',
  },
  too_large: {
    what: 'This is larger than Inkpool accepts.',
    hint: 'Make the picture smaller or split the file, then add it again.',
  },
  encrypted: {
    what: 'This is protected by a password.',
    hint: 'Choose the file in the list and type its password.',
  },
  not_found: {
    what: 'This is no longer where it was.',
    hint: 'Put it back and retry, or add it again from its new place.',
  },
  permission: {
    what: 'Inkpool is not allowed to use this file or folder.',
    hint: 'Check its permissions, or choose another place.',
  },
  conflict: {
    what: 'This has changed in the meantime.',
    hint: 'Look at its new state, then try again if it is still needed.',
  },
  model_missing: {
    what: 'The model that this needs is not installed.',
    hint: 'Open Models to add it, or choose another one.',
  },
  model_corrupt: {
    what: 'The model that this needs is damaged.',
    hint: 'Open Models, remove it there, and add it again.',
  },
  timeout: {
    what: 'This took too long and was stopped.',
    hint: 'Retry it, or add it as a smaller picture.',
  },
  out_of_memory: {
    what: 'There was not enough memory for this.',
    hint: 'Close other programs and retry, or add a smaller picture.',
  },
  engine_crashed: {
    what: 'The reading engine crashed on this file.',
    hint: 'Your other files are not affected. Save the picture again and add the new file, or retry this one on purpose.',
  },
  disk_full: {
    what: 'The disk is full.',
    hint: 'Free some space, then try again.',
  },
  unavailable: {
    what: 'Inkpool is busy and could not answer.',
    hint: 'Wait a moment, then try again.',
  },
  cancelled: {
    what: 'This was stopped before it was finished.',
    hint: 'Retry it to have it read after all.',
  },
  internal: {
    what: 'Something went wrong inside Inkpool.',
    hint: 'Try again. If it happens again, please report it.',
  },
}

/** The words of the window in English. zh.ts must have the same keys: Messages sees to it. */
export const en = {
  name: 'Inkpool',
  language: 'Language',
  about: 'About Inkpool',
  close: 'Close',
  retry: 'Try again',
  states,
  errors,

  add: {
    files: 'Add files…',
    folder: 'Add folder…',
    filesTitle: 'Choose pictures and texts to read',
    folderTitle: 'Choose a folder to read',
    filterName: 'Pictures and texts',
  },
  drop: {
    title: 'Drop to read',
    note: 'Files and whole folders',
  },
  welcome: {
    title: 'Turn pictures into text',
    what: 'Inkpool reads the text in your pictures and scans, one or thousands at a time.',
    drop: 'Drop pictures or folders here',
    or: 'or choose them',
    formats: 'PDF, PNG, JPEG, WebP, TIFF, BMP, GIF and plain text',
    privacy: 'Nothing leaves this computer.',
  },
  history: {
    title: 'History',
    show: 'Show history',
    earlier: 'Earlier…',
    items: (items: number) => count(items, 'item', 'items'),
    failed: (failed: number) => `${n(failed)} failed`,
  },
  tasks: {
    title: 'Files',
    none: 'Choose a job to see its files.',
    empty: 'Nothing to read was found in what you added.',
    noMatch: 'No file is in this state.',
    filter: 'Show',
    all: 'All',
    done: 'Done',
    failed: 'Failed',
    progress: (ended: number, total: number) => `${n(ended)} of ${n(total)}`,
    progressLabel: 'Progress of this job',
    export: 'Export',
    exportTitle: 'Export to…',
    txt: 'Plain text (.txt)',
    csv: 'Table (.csv)',
    jsonl: 'JSON lines (.jsonl)',
    copyAll: 'Copy all text',
    copying: (done: number, total: number) => `Copying ${n(done)} of ${n(total)}`,
    page: (page: number) => `page ${n(page)}`,
    sentences: (done: number, total: number) => `${n(done)} of ${n(total)} sentences`,
  },
  result: {
    title: 'Result',
    none: 'Choose a file to see its text.',
    paused: 'Paused.',
    setAside: {
      what: 'The engine stopped each time it read this file, so it is set aside.',
      hint: 'Your other files go on without it. Retry it on purpose to give it another chance, or save the picture again and add the new file.',
    },
    showLog: 'Log',
    more: 'What to do with this file',
    loading: 'Opening…',
    queued: 'Waiting for its turn.',
    running: 'Being read now.',
    noText: 'No text was found on this page.',
    emptyText: 'This text is empty.',
    picture: 'Picture with the found lines',
    pictureGone: 'The picture cannot be shown: its file has been moved, changed or deleted.',
    lines: 'Lines of text',
    lineCount: (lines: number) => count(lines, 'line', 'lines'),
    lowCount: (lines: number) => `${n(lines)} to check`,
    low: (score: string) => `Check this line: ${score} sure`,
    copyLine: 'Copy line',
    previous: 'Previous file',
    next: 'Next file',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit',
    actualSize: '100%',
    form: 'What is shown',
    forms: { lines: 'Lines', text: 'Text', translation: 'Translation', both: 'Both' },
    copyForms: {
      lines: 'Copy text',
      text: 'Copy text',
      translation: 'Copy translation',
      both: 'Copy both',
    },
    languageHint: (score: string) => `The language of this text; ${score} sure`,
    translated: (from: string, to: string) => `${from} → ${to}`,
    translatedWith: (model: string) => `Translated with ${model}`,
    sentences: 'Sentences and their translations',
    doubtful: 'The model lost its way here: compare this with the original.',
    doubtfulCount: (sentences: number) => `${count(sentences, 'sentence', 'sentences')} to check`,
    working: 'More is being done with this text.',
    translating: (done: number, total: number) =>
      `Translating: ${n(done)} of ${n(total)} sentences`,
    labels: 'Labels',
    labelHint: (model: string, score: string) => `${score} sure, says ${model}`,
    marked: (label: string, score: string) => `${label}, ${score}`,
    moreLabels: (labels: number) => `${n(labels)} more`,
    fewerLabels: 'Fewer',
    turned: (degrees: number) => `turned by ${n(degrees)}°`,
    locked: {
      what: 'This is protected by a password.',
      hint: 'Type it to have the document read. It is kept until Inkpool ends, and never stored.',
    },
    password: 'Password',
    unlock: 'Unlock',
    unlocking: 'Trying…',
    wrongPassword: 'This password does not open the document.',
    shortened: (shown: number) =>
      `Only the first ${n(shown)} characters are shown. Copy or export to get all of it.`,
  },
  reading: {
    title: 'How to read',
    scope: 'For what you add from now on. What has been read stays as it is.',
    usual: 'Default',
    reset: 'Back to the default',
    resetAll: 'Everything back to the default',
    done: 'Done',
    layout: 'Layout of the text',
    layouts: {
      lines: {
        name: 'Lines',
        note: 'As on the page: tabs between the cells of a row, a blank line between blocks.',
      },
      paragraphs: { name: 'Paragraphs', note: 'The lines of a paragraph are joined.' },
      single: { name: 'One line', note: 'Everything is joined into a single line.' },
      code: { name: 'Code', note: 'Indentation and gaps become spaces.' },
      raw: { name: 'Raw', note: 'From top to bottom as found, not put in reading order.' },
    },
    source: 'Text of PDF documents',
    sources: {
      mixed: {
        name: 'Its own where that is sound',
        note: 'Pages without text, or with gibberish, are recognised.',
        short: 'PDF text where sound',
      },
      image: {
        name: 'Always recognised',
        note: 'The page is read as a picture, whatever text it carries.',
        short: 'PDF as pictures',
      },
      text: {
        name: 'Its own only',
        note: 'Nothing is recognised: scanned pages stay empty.',
        short: 'PDF’s own text only',
      },
    },
    turned: 'Look for turned pages and lines',
    turnedNote: 'Sets pages and lines upright that lie on a side or upside down.',
    upright: 'nothing is turned',
    side: 'Finding lines',
    sides: {
      auto: 'Automatic',
      px: (side: number) => `${n(side)} pixels`,
      autoNote: 'Suits each page: enough for its print, and no more.',
      firstNote: 'Quick. Small print on large pages may be missed.',
      note: (times: number) =>
        `Finds smaller print, and takes some ${n(times)} times as long as at 960.`,
      short: (side: number) => `lines found at ${n(side)} px`,
    },
    model: 'Model',
    advanced: 'Advanced',
    scores: {
      box_score: {
        name: 'How likely it must be text',
        note: 'Lower finds faint lines, and more that is none.',
        short: (score: string) => `text from ${score} on`,
      },
      text_score: {
        name: 'How sure its characters must be',
        note: 'Lines below are left out. Lower keeps more that is doubtful.',
        short: (score: string) => `${score} sure or more`,
      },
    },
    byModel: 'set by the model',
    areas: 'Areas to ignore',
    noAreas: 'None. Open a page and choose “Ignore an area…”.',
    area: (across: string, down: string) => `${across} across, ${down} down`,
    removeArea: 'Remove area',
    removeAreaAt: (at: number) => `Remove area ${n(at)}`,
    ignored: (areas: number) => `${count(areas, 'area', 'areas')} ignored`,
    pack: (id: string) => `model ${id}`,
  },
  steps: {
    title: 'After reading',
    scope: 'For what you add from now on. More can be done later with what has been read.',
    done: 'Done',
    translate: 'Translate into',
    noTranslation: 'No translation',
    from: 'From',
    detected: 'Detected language',
    model: 'Model',
    anyModel: 'Automatic',
    anyModelNote: 'The first that knows both languages.',
    models: 'Models…',
    noTranslators: 'No model that translates is installed.',
    noLabellers: 'No model that gives labels is installed.',
    noTranslator: (language: string) => `No installed model translates into ${language}.`,
    howToGet: 'Drop the folder or zip file of a model on the window, or look in Models.',
    packGone: (pack: string) => `The model ${pack} is not installed any more, or is damaged.`,
    packGoneHint: 'Choose another one, or look in Models.',
    change: 'Change…',
    label: 'Give labels',
    labelNote:
      'Says what texts and pictures are about: their mood, their topic, the names in them.',
    labelWith: 'With',
    labelsOnly: 'Labels only',
    onlyLabel: 'Do not read pictures',
    onlyLabelNote: 'They are given labels and nothing else, which is quicker.',
    into: (language: string) => `→ ${language}`,
    labels: 'Labels',
    add: {
      translate: 'Translate',
      label: 'Give labels',
      to: (title: string) => `What was read from “${title}” stays as it is.`,
      cancel: 'Cancel',
      atWork: 'Some of this job is being worked on just now.',
      atWorkHint: 'Wait until it is finished, or stop it, then try again.',
    },
  },
  models: {
    title: 'Models',
  },
  areas: {
    begin: 'Ignore an area…',
    title: 'Areas to ignore',
    how: 'Draw a rectangle on the page around what is to be left out: a header, a page number, a watermark. It counts for every page, in parts of its size.',
    add: 'Add by numbers',
    at: (at: number) => `Area ${n(at)}`,
    percent: 'in per cent of the page',
    left: 'Left',
    top: 'Top',
    right: 'Right',
    bottom: 'Bottom',
    invalid: 'Left must be less than right, top less than bottom, all between 0 and 100.',
    leftOut: (lines: number) =>
      lines === 1 ? '1 line would be left out.' : `${n(lines)} lines would be left out.`,
    file: 'Read this file again',
    job: (files: number) => `Read all ${n(files)} again`,
    keep: 'Ignore from now on',
    cancel: 'Cancel',
  },
  notice: {
    areasKept: 'These areas are ignored in what you add from now on.',
    copied: 'Copied',
    exported: (path: string) => `Saved as ${path}`,
    stopped: 'Stopped. What is done stays.',
    removed: 'Removed from the history. Files stay where they are.',
    restarted: 'The engine stopped unexpectedly and was started again. Nothing was lost.',
    dismiss: 'Dismiss',
    progress: (title: string, ended: number, total: number) =>
      `${title}: ${n(ended)} of ${n(total)}`,
    finished: (title: string, done: number, failed: number) =>
      failed > 0 ? `${title}: ${n(done)} done, ${n(failed)} failed` : `${title}: ${n(done)} done`,
  },
  choices: {
    task: {
      pause: 'Pause',
      resume: 'Resume',
      stop: 'Stop',
      retry: 'Retry',
      retryStopped: 'Retry',
      again: 'Read again as chosen now',
      remove: 'Remove…',
    },
    job: {
      pause: 'Pause',
      resume: 'Resume',
      stop: 'Stop',
      retry: 'Retry failed',
      retryStopped: 'Retry stopped',
      translate: 'Translate…',
      label: 'Label…',
      again: 'Read again as chosen now',
      remove: 'Remove…',
    },
    all: {
      pause: 'Pause all',
      resume: 'Resume all',
      stop: 'Stop all',
      retry: 'Retry all failed',
      retryStopped: 'Retry all stopped',
    },
    ofAll: 'All jobs',
    ofJob: 'What to do with this job',
    none: 'There is nothing to do',
  },
  removal: {
    title: 'Remove from the history?',
    task: (name: string) => `What was read from “${name}” is deleted for good.`,
    job: (name: string, tasks: number) =>
      `What was read from “${name}” (${count(tasks, 'item', 'items')}) is deleted for good.`,
    filesStay: (tasks: number): string =>
      tasks === 1
        ? 'The file itself stays where it is.'
        : 'The files themselves stay where they are.',
    remove: 'Remove',
    keep: 'Keep',
  },
  recovered: {
    again: (pages: number) =>
      pages === 1
        ? '1 page goes on where an earlier run was cut short.'
        : `${n(pages)} pages go on where an earlier run was cut short.`,
    aside: (pages: number) =>
      pages === 1
        ? '1 page was set aside because Inkpool stopped each time it read it: retry it on purpose.'
        : `${n(pages)} pages were set aside because Inkpool stopped each time it read them: retry them on purpose.`,
  },
  log: {
    title: 'Log of this file',
    empty: 'Nothing has been noted yet.',
    time: 'Time',
    attempt: 'Try',
    what: 'What',
    detail: 'Detail',
    took: 'Took',
    whats: {
      queued: 'Added',
      running: 'Started',
      done: 'Done',
      failed: 'Failed',
      requeued: 'Queued again',
      retried: 'Tried again',
      paused: 'Paused',
      resumed: 'Resumed',
      cancelled: 'Stopped',
      quarantined: 'Set aside',
    },
  },
  engine: {
    title: 'Engine',
    memory: 'Memory in use',
    peak: 'Most so far',
    budget: 'Budget for pages',
    reserved: 'Reserved now',
    process: 'Process',
    restarts: 'Restarts',
    none: 'none',
    loading: 'Asking the engine…',
    device: (name: string) => (name === 'cpu' ? 'Processor' : name),
    slots: (busy: number, slots: number, models: number) =>
      `${n(busy)} of ${n(slots)} busy, ${count(models, 'model', 'models')} loaded`,
    onBattery: 'On battery: fewer cores are used.',
    held: 'Paused: the battery is low.',
  },
  aboutBox: {
    version: 'Version',
    model: 'Model',
    workers: 'Workers',
    home: 'Data folder',
    keys: 'Keys',
    keyAdd: 'Add files',
    keyFolder: 'Add a folder',
    keyNext: 'Previous or next file',
    keyMenu: 'What to do with the chosen job or file',
    keyLines: 'Previous or next line',
    keyCopy: 'Copy the chosen line',
    keyZoom: 'Zoom the picture',
  },
}

/** Messages is what every language must provide. */
export type Messages = typeof en
