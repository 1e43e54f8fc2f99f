// What is done beyond reading, from the window: a pack of models is installed, a text is
// translated and labelled, and a picture that was read before is translated. Every step leaves
// the choices as they usually are.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const text = 'The cat sees a good house.\nThe dog sees the cat.'
const workMs = 60_000 // on a slow and busy machine

/** Installs a translator as a drop does, and finds it among the models. */
export async function installModel(page, folder, shoot) {
  await page.getByTestId('steps').first().click()
  await page.getByText('No model that translates is installed.').waitFor()
  await page.keyboard.press('Escape')
  await page.evaluate((path) => window.go.desktop.Jobs.Add([path]), folder)
  const work = page.getByTestId('work')
  await work.filter({ hasText: 'installed: English → Simplified Chinese' }).waitFor()
  await shoot(page, 'en-light-installed')
  await page.getByTestId('models').click()
  const row = page.locator('[data-testid=pack][data-state=installed]')
  await row.getByTestId('verify').click()
  await page.getByTestId('pack-verified').filter({ hasText: 'as they were' }).waitFor()
  await shoot(page, 'en-light-models')
  await page.keyboard.press('Escape')
  await page.getByTestId('models-dialog').waitFor({ state: 'detached' })
}

/** Chooses Chinese for what is added next, and sees a text in both languages. */
export async function translateText(page, work, shoot) {
  await page.getByTestId('steps').first().click()
  await page.getByTestId('translate-to').selectOption({ label: 'Simplified Chinese' })
  await shoot(page, 'en-light-steps')
  await page.getByTestId('steps-done').click()
  const note = join(work, 'letter.txt')
  await writeFile(note, text)
  await page.evaluate((path) => window.go.desktop.Jobs.Add([path]), note)
  await page.locator('[data-testid=job][title="letter.txt"]').click()
  await page.getByTestId('translated').waitFor({ timeout: workMs })
  assert.match(await page.getByTestId('language').innerText(), /^English/)
  assert.equal(await page.getByTestId('source').count(), 2, 'lines do not stand beside each other')
  const target = await page.getByTestId('target').allInnerTexts()
  assert.match(target.join(''), /\p{Script=Han}/u)

  const sentence = page.getByTestId('sentence')
  await sentence.first().hover()
  const marked = page.locator('[data-testid=sentence][aria-selected=true]')
  await marked.nth(1).waitFor()
  assert.equal(await marked.count(), 2, 'a sentence and its translation do not mark each other')
  await shoot(page, 'en-light-translated')
  await page.getByTestId('steps').first().click()
  await page.getByTestId('translate-to').selectOption('')
  await page.getByTestId('steps-done').click()
}

/** Translates a picture that was read before. */
export async function translateJob(page, job, shoot) {
  await page.locator(`[data-testid=job][title="${job.title}"]`).first().click()
  await page.locator('[data-testid=line], [data-testid=text]').first().waitFor()
  await page.getByTestId('job-translate').click()
  await page.getByTestId('translate-to').selectOption('zh-Hans')
  await shoot(page, 'en-light-adding')
  await page.getByTestId('add-steps').click()
  await page.getByTestId('adding').waitFor({ state: 'detached' })
  await page.getByTestId('translated').waitFor({ timeout: workMs })
  await page.getByTestId('sentence').nth(3).waitFor()
  await page.getByTestId('form-lines').click()
  await page.getByTestId('line').nth(3).waitFor()
  await page.getByTestId('form-both').click()
  await shoot(page, 'en-light-translated-picture')
}
