// What came while nobody counted it is no rate of now.
import assert from 'node:assert/strict'
import { DESKTOP, link, open, play, settings, step } from './browser.mjs'

const { backlog } = settings

await play('backlog', async () => {
  await step('events of some minutes ago are counted there, and the rate is that of now', async () => {
    const { page, shot, close } = await open('backlog', { viewport: DESKTOP })
    await page.goto(link)
    const accepted = page.locator('#figure-ledger dl div', { hasText: 'accepted' }).locator('dd')
    await page.waitForFunction(
      (wanted) => [...document.querySelectorAll('#figure-ledger dd')].some((each) => each.textContent.replace(/\D/g, '') === wanted),
      String(backlog),
    )
    assert.equal((await accepted.textContent()).replace(/\D/g, ''), String(backlog))
    assert.equal(await page.locator('#figure-rate .big').textContent(), '0')
    await shot('counted')
    await close()
  })
})
