// How pages are read, from the window: what is chosen, read again, and unlocked. Every step
// leaves the choices as they usually are.
import assert from 'node:assert/strict'

/** Adds files as a drop does, and waits until all of them have ended. */
async function add(page, paths) {
  const before = await page.getByTestId('job').count()
  const { id } = await page.evaluate((all) => window.go.desktop.Jobs.Add(all), paths)
  await page.getByTestId('job').nth(before).waitFor()
  await page.getByTestId('job').first().click()
  return ended(page, id)
}

/** Waits until a job has ended; resolves with it and its tasks. */
async function ended(page, id) {
  const job = await until(page, async () => {
    const found = (await jobsOf(page)).find((each) => each.id === id)
    return found && found.queued + found.running === 0 ? found : undefined
  })
  const tasks = await page.evaluate((wanted) => window.go.desktop.Jobs.Tasks(wanted, 0, 100), id)
  return { ...job, all: tasks }
}

/** The newest job, once it is another one than before. */
async function newJob(page, before) {
  const newest = await until(page, async () => (await jobsOf(page)).find(({ id }) => id > before))
  return ended(page, newest.id)
}

const jobsOf = (page) => page.evaluate(async () => (await window.go.desktop.Jobs.Snapshot()).jobs)

/** Asks again and again until there is an answer, for two minutes at most. */
async function until(page, ask) {
  const deadline = Date.now() + 120_000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    assert.ok(Date.now() < deadline, `nothing came of ${ask}`)
    await page.waitForTimeout(200)
  }
}

const resultOf = (page, task) => page.evaluate((id) => window.go.desktop.Jobs.Page(id), task.id)

/** Chooses paragraphs for what is added next, and sees the lines of one joined. */
export async function chooseLayout(page, picture, shoot) {
  await page.getByTestId('reading').first().click()
  await page.getByTestId('layout-paragraphs').click()
  await shoot(page, 'en-light-reading')
  await page.keyboard.press('Escape')
  await page.getByTestId('reading-sheet').waitFor({ state: 'detached' })
  assert.equal(await page.getByTestId('reading-summary').first().innerText(), 'Paragraphs')
  const focused = await page.evaluate(() => document.activeElement?.dataset.testid)
  assert.equal(focused, 'reading', 'the focus did not go back to the button')

  const job = await add(page, [picture])
  assert.equal(await page.getByTestId('manner').innerText(), 'Paragraphs')
  const { text, lines } = await resultOf(page, job.all[0])
  const paragraphs = text.split('\n').filter((line) => line !== '')
  assert.ok(paragraphs.length * 2 < lines.length, `${lines.length} lines are not joined: ${text}`)
  const shown = await page.getByTestId('text').innerText()
  assert.ok(shown.includes(paragraphs.at(-1)), `the text is not shown: ${shown}`)
  await shoot(page, 'en-light-paragraphs')

  await page.getByTestId('form-lines').click()
  assert.equal(await page.getByTestId('line').count(), lines.length)
  await page.getByTestId('reading').first().click()
  await page.getByTestId('reset-all').click()
  await page.getByTestId('reading-done').click()
  await page.getByTestId('reading-summary').first().waitFor({ state: 'detached' })
  return job
}

/** Draws an area around the first line of a page and has it read again without. */
export async function ignoreArea(page, job, shoot) {
  const before = await resultOf(page, job.all[0])
  await page.getByTestId('ignore-area').click()
  const box = await page.getByTestId('page-image').boundingBox()
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height]
  const [, , [, below]] = before.lines[0].quad
  await page.mouse.move(...at(0.02, 0.01))
  await page.mouse.down()
  await page.mouse.move(...at(0.98, below / before.height), { steps: 5 })
  await page.mouse.up()
  await page.getByTestId('left-out').filter({ hasText: '1 line' }).waitFor()
  await shoot(page, 'en-light-areas')
  await page.getByTestId('areas-file').click()

  const again = await newJob(page, job.id)
  assert.equal(again.reading.layout, 'paragraphs', 'it is not read as before')
  await page.getByTestId('manner').filter({ hasText: '1 area ignored' }).waitFor()
  const { lines } = await resultOf(page, again.all[0])
  assert.equal(lines.length, before.lines.length - 1)
  assert.equal(lines[0].text, before.lines[1].text)
  await shoot(page, 'en-light-ignored')
}

/** Types a wrong password and then the right one. */
export async function unlock(page, document, password, shoot) {
  const locked = await add(page, [document])
  const field = page.getByTestId('password')
  await field.fill('not ' + password)
  await field.press('Enter')
  await page.getByText('This password does not open the document.').waitFor()
  await shoot(page, 'en-light-locked')
  await field.fill(password)
  await field.press('Enter')

  const opened = await newJob(page, locked.id)
  assert.equal(opened.done, 2, 'not both pages were read')
  const { text } = await resultOf(page, opened.all[1])
  assert.match(text, /And the second one/)
  await page.locator('[data-testid=task]').nth(1).waitFor()
  await page.waitForFunction(
    () => document.querySelector('[data-testid=page-image]')?.naturalWidth > 0,
  )
  const jobs = await jobsOf(page)
  assert.ok(!jobs.some(({ id }) => id === locked.id), 'the locked job is still there')
}

/** Removes every job but the oldest. */
export async function removeNewer(page) {
  await page.evaluate(async () => {
    const { jobs } = await window.go.desktop.Jobs.Snapshot()
    for (const { id } of jobs.slice(0, -1)) await window.go.desktop.Jobs.Remove(id, 0)
  })
  await page.getByTestId('job').nth(1).waitFor({ state: 'detached' })
  await page.getByTestId('job').first().click()
}
