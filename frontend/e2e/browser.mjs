// Tests the window in Chromium against the real Go side: a binary built with Wails' dev tag
// serves the page and its bindings.
//
//   node e2e/browser.mjs http://localhost:34177
//
//   INKPOOL_E2E_FILES  folder with pictures; a damaged one is added to them here
//   INKPOOL_E2E_LOCKED a PDF document of two pages that "sesame" opens
//   INKPOOL_E2E_MODEL  folder of a model that translates English into Chinese
//   INKPOOL_E2E_TEXT   text that one of the pictures must yield (optional)
//   CHROMIUM           the browser; default /usr/bin/chromium
//   SHOTS              folder for screenshots (optional)
import assert from 'node:assert/strict'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { chromium } from 'playwright-core'
import { chooseLayout, ignoreArea, removeNewer, unlock } from './reading.mjs'
import { installModel, translateJob, translateText } from './translating.mjs'

const base = process.argv[2]
const files = process.env.INKPOOL_E2E_FILES
const wantText = process.argv[3] ?? process.env.INKPOOL_E2E_TEXT
const shots = process.env.SHOTS
const locked = process.env.INKPOOL_E2E_LOCKED
const model = process.env.INKPOOL_E2E_MODEL
assert.ok(
  base && files && locked && model,
  'usage: INKPOOL_E2E_FILES=DIR INKPOOL_E2E_LOCKED=PDF INKPOOL_E2E_MODEL=DIR node e2e/browser.mjs URL [TEXT]',
)

const workMs = 120_000 // all tasks must have ended by then, on a slow and busy machine
const answerMs = 15_000 // anything else

// Errors that are not ours: Wails' own ipc.js before it has a <body> to write to, and the
// pictures and icons that a dev server does not have.
const harmless = [/reading 'nodes'/, /status of 404/]

const work = await mkdtemp(join(tmpdir(), 'inkpool-e2e-'))
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
})
const errors = []
const steps = []

try {
  const page = await open({ locale: 'en-GB', colorScheme: 'light' })
  await step('the window comes up', () => page.getByTestId('add-files').waitFor())
  const before = await page.getByTestId('job').count()
  await step('a folder and a damaged picture are added', () => addFiles(page))
  await step('every task ends', () => allEnded(page, before))
  await step('a result shows its text', () => openResult(page))
  await step('line and box mark each other', () => markEachOther(page))
  await shoot(page, 'en-light')
  await step('a damaged file says why', () => damagedFile(page))
  await shoot(page, 'en-light-failed')
  await step('the log of a file says what happened to it', () => readLog(page))
  let joined
  await step('the lines of paragraphs can be joined', async () => {
    joined = await chooseLayout(page, resolve(files, 'english-page.png'), shoot)
  })
  await step('areas can be ignored', () => ignoreArea(page, joined, shoot))
  await step('a locked document opens with its password', () =>
    unlock(page, resolve(locked), 'sesame', shoot),
  )
  await step('a model is installed', () => installModel(page, resolve(model), shoot))
  await step('a text is translated', () => translateText(page, work, shoot))
  await step('what was read before is translated', () => translateJob(page, joined, shoot))
  await removeNewer(page)
  await step('a long job is added', () => addLongJob(page))
  await step('it can be paused, and goes on', () => pauseAndResume(page))
  await step('an engine that dies comes back, and the window says so', () => killEngine(page))
  await step('it can be stopped, and tried again', () => stopAndRetry(page))
  await step('one of its files can be removed by key', () => removeTask(page))
  await step('it can be removed after a question', () => removeJob(page))
  await step('all jobs are paused and resumed at once', () => pauseAndResumeAll(page))
  await step('what the engine takes is shown', () => engineDetails(page))
  await step('a drag over the window shows where to drop', () => dragOver(page))
  await step('the language can be switched', () => switchLanguage(page))
  await step('the history is there after a reload', () => historyStays(page))
  await step('it is all there in the dark, in Chinese', darkInChinese)
  await step('it fits a small window', smallWindow)
  assert.deepEqual(errors, [], 'the page reported errors')
  console.log(JSON.stringify({ ok: true, steps }))
} catch (error) {
  await shoot(browser.contexts().at(-1)?.pages()[0], 'failure')
  console.error(JSON.stringify({ ok: false, steps, errors }))
  console.error(error)
  process.exitCode = 1
} finally {
  await browser.close()
  await rm(work, { recursive: true })
}

async function open(options) {
  const context = await browser.newContext({ viewport: { width: 1180, height: 780 }, ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(answerMs)
  const note = (text) => harmless.some((known) => known.test(text)) || errors.push(text)
  page.on('pageerror', (error) => note(String(error)))
  page.on('console', (message) => message.type() === 'error' && note(message.text()))
  await page.goto(base, { waitUntil: 'domcontentloaded' })
  return page
}

async function step(name, work) {
  const start = performance.now()
  await work()
  steps.push({ name, ms: Math.round(performance.now() - start) })
}

async function shoot(page, name) {
  if (shots && page) await page.screenshot({ path: join(shots, `${name}.png`) })
}

// A page cannot fake a native drop, so it calls what a drop calls in Go.
async function addFiles(page) {
  const damaged = join(work, 'damaged.png')
  await writeFile(damaged, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
  await page.waitForFunction(() => window.go?.desktop?.Jobs)
  await page.evaluate((paths) => window.go.desktop.Jobs.Add(paths), [resolve(files), damaged])
}

async function allEnded(page, before) {
  const jobs = page.getByTestId('job')
  await page.waitForFunction(
    (count) => document.querySelectorAll('[data-testid=job]').length > count,
    before,
  )
  await jobs.first().click()
  await page.waitForFunction(
    () => {
      const newest = document.querySelector('[data-testid=job]')
      return newest && !['queued', 'running', 'paused'].includes(newest.dataset.state)
    },
    undefined,
    { timeout: workMs },
  )
  await page.getByTestId('job-stop').waitFor({ state: 'detached' })
}

/** Opens done pictures one after the other until one shows the text, or any text. */
async function openResult(page) {
  const done = page.locator('[data-testid=task][data-state=done]')
  await done.first().waitFor()
  const count = await done.count()
  for (let at = 0; at < count; at++) {
    await done.nth(at).click()
    const text = await resultText(page)
    const hasLines = (await page.getByTestId('line').count()) > 1
    if (hasLines && text.includes(wantText ?? '')) return sameCount(page)
  }
  assert.fail(`no result shows ${wantText ?? 'two lines of text'}`)
}

async function resultText(page) {
  await page
    .locator('[data-testid=line], [data-testid=text], [data-testid=no-text]')
    .first()
    .waitFor()
  return page.getByTestId('result').innerText()
}

async function sameCount(page) {
  const lines = await page.getByTestId('line').count()
  assert.equal(await page.getByTestId('box').count(), lines, 'boxes and lines differ in number')
  const image = page.getByTestId('page-image')
  await image.waitFor()
  await page.waitForFunction(
    () => document.querySelector('[data-testid=page-image]').naturalWidth > 0,
  )
}

async function markEachOther(page) {
  await page.getByTestId('line').nth(1).click()
  await chosen(page, 'box', 1)
  await page.getByTestId('box').nth(0).click({ force: true })
  await chosen(page, 'line', 0)
  await page.getByRole('listbox').last().press('ArrowDown')
  await chosen(page, 'box', 1)
}

async function chosen(page, testId, at) {
  await page.waitForFunction(
    ([id, want]) => {
      const all = [...document.querySelectorAll(`[data-testid=${id}]`)]
      return all.every((element, n) => (element.dataset.chosen === 'true') === (n === want))
    },
    [testId, at],
  )
}

async function damagedFile(page) {
  await page.getByTestId('filter-failed').click()
  await page.locator('[data-testid=task][data-state=failed]').first().click()
  const text = await page.getByTestId('error').innerText()
  assert.match(text, /\S+ \S+.*\n+.*\S/s, `no reason and hint: ${text}`)
  await page.getByTestId('filter-all').click()
}

async function readLog(page) {
  await page.locator('[data-testid=task][data-state=done]').first().click()
  await page.getByTestId('show-log').click()
  await page.getByTestId('log-entry').first().waitFor()
  const whats = await page
    .getByTestId('log-entry')
    .evaluateAll((rows) => rows.map((row) => row.dataset.what))
  assert.deepEqual(whats, ['queued', 'running', 'done'])
  await shoot(page, 'en-light-log')
  await page.getByTestId('show-log').press('Enter')
  await page.getByTestId('log').waitFor({ state: 'detached' })
}

/** Adds more pictures than can be read while somebody looks. */
async function addLongJob(page) {
  const folder = join(work, 'many')
  await mkdir(folder)
  const count = 60
  for (let at = 0; at < count; at++) {
    await copyFile(join(files, 'english-page.png'), join(folder, `${at}.png`))
  }
  await page.evaluate((path) => window.go.desktop.Jobs.Add([path]), folder)
  await page.locator('[data-testid=job][title=many]').click()
  await page.getByRole('heading', { name: 'many' }).waitFor()
}

async function newestIs(page, ...states) {
  const newest = page.locator('[data-testid=job][title=many]')
  const any = states.map((state) => `[data-state=${state}]`).join(',')
  await newest.and(page.locator(any)).waitFor()
}

async function pauseAndResume(page) {
  await page.getByTestId('job-pause').click()
  await newestIs(page, 'paused')
  const before = await page.getByTestId('progress').innerText()
  await shoot(page, 'en-light-paused')
  await page.reload({ waitUntil: 'domcontentloaded' })
  await newestIs(page, 'paused')
  assert.equal(await page.getByTestId('progress').innerText(), before, 'a paused job went on')
  await page.getByTestId('job-resume').click()
  await newestIs(page, 'queued', 'running')
}

async function killEngine(page) {
  await newestIs(page, 'running')
  const { process: pid } = await page.evaluate(() => window.go.desktop.Jobs.Engine())
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
  assert.ok(
    command.split('\0').includes('engine'),
    `the engine is no process of its own: ${command}`,
  )
  process.kill(pid, 'SIGKILL')
  const notice = page.getByTestId('notice').filter({ hasText: 'started again' })
  await notice.waitFor()
  await shoot(page, 'en-light-restarted')
  await notice.getByRole('button').click()
  await newestIs(page, 'running')
  assert.equal(
    await page.locator('[data-state=failed]').count(),
    1,
    'the crash was held against others',
  )
}

async function stopAndRetry(page) {
  await page.getByTestId('job-stop').click()
  await newestIs(page, 'cancelled')
  await page.locator('[data-testid=task][data-state=cancelled]').first().click()
  await page.getByTestId('task-retryStopped').waitFor()
  await shoot(page, 'en-light-stopped')
  await page.getByTestId('job-actions').click()
  await shoot(page, 'en-light-menu')
  await page.getByTestId('choice-retryStopped').click()
  await newestIs(page, 'queued', 'running')
  await page.getByTestId('job-stop').click()
  await newestIs(page, 'cancelled')
}

async function removeTask(page) {
  const count = () => page.getByTestId('filter-all').innerText()
  const before = await count()
  await page.getByTestId('task').first().click()
  await page.getByRole('listbox').nth(1).press('Shift+F10')
  await page.getByTestId('choice-remove').press('Enter')
  await page.getByTestId('removal').waitFor()
  await page.keyboard.press('Escape')
  await page.getByTestId('removal').waitFor({ state: 'detached' })
  assert.equal(await count(), before, 'removed without a yes')

  await page.getByRole('listbox').nth(1).press('Shift+F10')
  await page.getByTestId('choice-remove').press('Enter')
  await shoot(page, 'en-light-remove')
  await page.getByTestId('removal-yes').click()
  await page.waitForFunction(
    (was) => document.querySelector('[data-testid=filter-all]').innerText !== was,
    before,
  )
  await page.getByTestId('task-actions').waitFor({ state: 'detached' })
}

async function removeJob(page) {
  await page.locator('[data-testid=job][title=many]').click({ button: 'right' })
  await page.getByTestId('choice-remove').click()
  await page.getByTestId('removal-yes').click()
  await page.locator('[data-testid=job][title=many]').waitFor({ state: 'detached' })
  await page.getByTestId('job-actions').waitFor({ state: 'detached' })
}

async function pauseAndResumeAll(page) {
  const choose = async (choice) => {
    await page.getByTestId('all-jobs').click()
    await page.getByTestId(`choice-${choice}`).click()
  }
  await page.evaluate((path) => window.go.desktop.Jobs.Add([path]), join(work, 'many'))
  await newestIs(page, 'queued', 'running')
  await choose('pause')
  await newestIs(page, 'paused')
  await choose('resume')
  await newestIs(page, 'queued', 'running')
  await shoot(page, 'en-light-working')
  await choose('stop')
  await newestIs(page, 'cancelled')
  await removeJob(page)
}

async function engineDetails(page) {
  await page.getByTestId('engine').click()
  const details = page.getByTestId('engine-details')
  await details.waitFor()
  assert.match(await details.innerText(), /MiB|GiB/)
  await shoot(page, 'en-light-engine')
  await page.keyboard.press('Escape')
  await details.waitFor({ state: 'detached' })
}

async function dragOver(page) {
  const drag = (type) =>
    page.evaluate((name) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'scan.png'))
      document.body.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true }))
    }, type)
  await drag('dragenter')
  await page.getByTestId('drop-overlay').waitFor()
  await drag('dragleave')
  await page.getByTestId('drop-overlay').waitFor({ state: 'detached' })
}

async function switchLanguage(page) {
  const button = page.getByTestId('lang')
  await button.click()
  await page.getByRole('heading', { name: '墨池' }).waitFor()
  await button.click()
  await page.getByRole('heading', { name: 'Inkpool' }).waitFor()
}

async function historyStays(page) {
  const title = await page.getByTestId('job').first().getAttribute('title')
  const count = await page.getByTestId('job').count()
  await page.reload({ waitUntil: 'domcontentloaded' })
  await page.getByTestId('job').first().waitFor()
  assert.equal(await page.getByTestId('job').first().getAttribute('title'), title)
  assert.equal(await page.getByTestId('job').count(), count)
}

async function darkInChinese() {
  const page = await open({ locale: 'zh-CN', colorScheme: 'dark' })
  await page.getByRole('heading', { name: '墨池' }).waitFor()
  await openResult(page)
  await page.getByTestId('line').first().click()
  await shoot(page, 'zh-dark')
  await page.context().close()
}

async function smallWindow() {
  const viewport = { width: 640, height: 480 }
  const page = await open({ locale: 'en-GB', colorScheme: 'light', viewport })
  await openResult(page)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(overflow <= 0, `the window scrolls sideways by ${overflow} px`)
  await page.getByTestId('history').click()
  await page.getByTestId('job').first().waitFor()
  await page.getByTestId('job').first().click()
  await shoot(page, 'en-narrow')
  await page.context().close()
}
