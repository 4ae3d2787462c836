// The tabs of the insights over a shop's events: what they show is what the API answers.
import assert from 'node:assert/strict'
import { contrasts, DESKTOP, fits, link, open, PHONE, play, send, settings, step } from './browser.mjs'
import { shopEvents } from './shop.mjs'

const { api, apiKey } = settings
const KINDS = ['trend', 'funnel', 'retention', 'path', 'sessions', 'distribution']
const exact = (number) => number.toLocaleString('en', { maximumFractionDigits: 2 })
const events = shopEvents(Date.now())

async function ask(path, body) {
  const answer = await fetch(`${api}/api/v1/${path}`, { method: 'POST', headers: { Authorization: `Bearer ${apiKey}` }, body: JSON.stringify(body) })
  assert.equal(answer.status, 200)
  return answer.json()
}

const panel = (page, kind) => page.locator(`#insight-${kind}`)
const settled = (page, kind) => page.locator(`#insight-${kind}:not([aria-busy]) .answer > *`).first().waitFor()

/** Does something that asks a question; answers what was asked and what the API says to the same. */
async function asked(page, kind, act) {
  const request = page.waitForRequest((each) => each.url().endsWith(`/insights/${kind}`) && each.postDataJSON().persons === undefined)
  await act()
  const body = (await request).postDataJSON()
  await (await request).response()
  await settled(page, kind)
  return { body, answer: await ask(`insights/${kind}`, body) }
}

/** The texts of the table beneath the chart. */
const table = (page, kind) => panel(page, kind).locator('.numbers tbody tr').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)))

const numbers = {
  trend: ({ series }) => series[0].points.map((_, i) => series.map((each) => exact(each.points[i].value))).reverse(),
  funnel: ({ steps, breakdown }) => [...steps, ...breakdown.flatMap((each) => each.steps)].map((each) => [exact(each.count)]),
  retention: ({ cohorts }) => cohorts.map((each) => [each.size, ...each.returned].map(exact)),
  path: ({ links }) => links.map((each) => [String(each.step), each.from, each.to, exact(each.count)]),
  distribution: (answer) => [...answer.bins.map((each) => each.count), ...['below', 'above', 'missing'].map((name) => answer[name]).filter((count) => count > 0)].map((count) => [exact(count)]),
  sessions: (answer) => ['sessions', 'persons', 'mean_seconds', 'median_seconds', 'max_seconds', 'bounce_rate'].map((name) => [exact(answer[name])]),
}

/** The first of the table's columns that hold those numbers. */
const first = { trend: () => 1, funnel: ({ breakdown }) => (breakdown.length > 0 ? 2 : 1), retention: () => 1, path: () => 0, sessions: () => 1, distribution: () => 1 }

async function agrees(page, kind, answer) {
  const expected = numbers[kind](answer)
  const shown = (await table(page, kind)).map((row, i) => row.slice(first[kind](answer)).slice(0, expected[i]?.length))
  assert.deepEqual(shown, expected, kind)
}

/** Presses a part of a chart; the persons listed must be those of the API. */
async function behind(page, kind, part, body, persons) {
  await part.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.locator('.person-list').waitFor()
  const answer = await ask(`insights/${kind}`, { ...body, persons })
  assert.deepEqual(await dialog.locator('.person-list li').allInnerTexts(), answer.person_ids ?? answer.persons, `persons behind ${kind}`)
  return {
    total: answer.persons_total,
    async close() {
      await page.keyboard.press('Escape')
      await dialog.waitFor({ state: 'hidden' })
    },
  }
}

await play('insights', async () => {
  const desk = await open('insights-desktop', { viewport: DESKTOP, timezoneId: 'America/New_York' })
  const phone = await open('insights-phone', { viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true, timezoneId: 'Europe/Berlin' })
  const both = [desk, phone]

  await step('without events it says what to do, and goes on by itself', async () => {
    for (const { page } of both) {
      await page.goto(`${link}&trend`)
      await page.getByText('There are no events yet').waitFor()
      await fits(page, 'no events')
    }
    await send({ batch: events }, '/v1/batch')
    for (const { page } of both) await panel(page, 'trend').locator('svg').waitFor()
    for (;;) {
      const { rows } = await ask('query', { sql: 'select count(*) from events' })
      if (Number(rows[0][0]) === events.length) break
    }
  })

  await step('each tab shows at once what the API answers', async () => {
    for (const { page, shot } of both) {
      await page.reload()
      await settled(page, 'trend')
      for (const kind of KINDS) {
        const { body, answer } = await asked(page, kind, () => page.getByRole('tab', { name: kind }).click())
        assert.equal(body.timezone, await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone))
        await agrees(page, kind, answer)
        if (kind === 'funnel') assert.deepEqual(answer.steps.map((each) => each.count), [40, 20, 10, 5])
        if (kind === 'distribution') assert.equal(answer.count, 40)
        if (kind === 'sessions') assert.equal(answer.sessions, events.filter((each) => each.event === 'Catalog Viewed').length)
        assert.ok((await panel(page, kind).locator('.ran pre').textContent()).includes('SELECT'))
        await fits(page, kind)
        await contrasts(page, kind)
        await panel(page, kind).scrollIntoViewIfNeeded()
        await shot(`1-${kind}`)
        await panel(page, kind).locator('.answer').screenshot({ path: `${settings.pictures}/insights-${page.viewportSize().width}-${kind}.png` })
      }
    }
  })

  await step('the persons behind a part of a chart', async () => {
    for (const { page, shot } of both) {
      const opened = async (kind) => (await asked(page, kind, () => page.getByRole('tab', { name: kind }).click())).body
      const parts = (kind, selector) => panel(page, kind).locator(selector)

      const funnel = await opened('funnel')
      const bought = await behind(page, 'funnel', parts('funnel', '.funnel-reached').nth(3), funnel, { step: 4 })
      assert.equal(bought.total, 5)
      await contrasts(page, 'persons')
      await shot('2-persons')
      await bought.close()
      const stopped = await behind(page, 'funnel', parts('funnel', '.funnel-stopped').nth(0), funnel, { step: 2, dropped: true })
      assert.equal(stopped.total, 20)
      await stopped.close()

      const trend = await opened('trend')
      const { series } = await ask('insights/trend', trend)
      const newest = series[0].points.findLastIndex((point) => point.value > 0)
      const point = await behind(page, 'trend', parts('trend', 'circle.series-0').nth(newest), trend, { event: series[0].event, at: series[0].points[newest].at })
      assert.ok(point.total > 0)
      await point.close()

      const retention = await opened('retention')
      const { cohorts } = await ask('insights/retention', retention)
      const cell = await behind(page, 'retention', parts('retention', '.retention tbody tr').nth(1).locator('button').nth(1), retention, {
        cohort: cohorts[0].start,
        period: cohorts[0].returned.findIndex((count, i) => i > 0 && count > 0),
      })
      assert.ok(cell.total > 0)
      await cell.close()

      const path = await opened('path')
      const taken = await behind(page, 'path', parts('path', '.band').first(), path, { step: 1, from: 'Catalog Viewed', to: 'Product Viewed' })
      assert.equal(taken.total, 20)
      await taken.close()

      const sessions = await opened('sessions')
      const all = await behind(page, 'sessions', parts('sessions', '.totals .behind'), sessions, {})
      assert.equal(all.total, 40)
      await all.close()

      const distribution = await opened('distribution')
      const { bins } = await ask('insights/distribution', distribution)
      const edges = [bins[0].from, ...bins.map((bin) => bin.to)]
      const once = await behind(page, 'distribution', parts('distribution', 'rect.bin').first(), { ...distribution, bins: undefined, edges }, { bin: 1 })
      assert.equal(once.total, bins[0].count)
      await once.close()
    }
  })

  await step('steps are moved, removed and added by keyboard, and the address keeps them', async () => {
    const { page } = desk
    await asked(page, 'funnel', () => page.getByRole('tab', { name: 'Funnel' }).click())
    const press = (name) => asked(page, 'funnel', () => page.getByRole('button', { name, exact: true }).press('Enter'))
    const moved = await press('Move step 4 up')
    assert.deepEqual(moved.body.steps.map((each) => each.event), ['Catalog Viewed', 'Product Viewed', 'Order Completed', 'Cart Viewed'])
    assert.deepEqual(moved.answer.steps.map((each) => each.count), [40, 20, 5, 0])
    await agrees(page, 'funnel', moved.answer)
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Move step 3 up')
    const removed = await press('Remove step 3')
    assert.deepEqual(removed.answer.steps.map((each) => each.count), [40, 20, 10])
    await agrees(page, 'funnel', removed.answer)
    const added = await press('Add step')
    assert.equal(added.body.steps[3].event, 'Order Completed')
    const chosen = await asked(page, 'funnel', () => page.getByLabel('Event of step 4').selectOption('Cart Viewed'))
    assert.deepEqual(chosen.answer.steps.map((each) => each.count), [40, 20, 10, 0])
    const address = page.url()
    const again = await asked(page, 'funnel', () => page.reload())
    assert.deepEqual(again.body, chosen.body)
    assert.equal(page.url(), address)
    await agrees(page, 'funnel', again.answer)
  })

  await step('a property that was never seen is named with the nearest', async () => {
    for (const { page, shot } of both) {
      await asked(page, 'trend', () => page.getByRole('tab', { name: 'trend' }).click())
      const field = panel(page, 'trend').getByLabel('Broken down by')
      await field.fill('colr')
      const { answer } = await asked(page, 'trend', () => field.press('Tab'))
      assert.equal(await panel(page, 'trend').locator('.answer > .notice').innerText(), answer.notes[0].message)
      assert.ok(answer.notes[0].message.includes('color'))
      await contrasts(page, 'a note')
      await shot('4-note')
      await field.fill('')
      await asked(page, 'trend', () => field.press('Tab'))
      assert.equal(await panel(page, 'trend').locator('.answer > .notice').count(), 0)
    }
    await asked(desk.page, 'funnel', () => desk.page.getByRole('tab', { name: 'Funnel' }).click())
  })

  await step('a link opens the question elsewhere', async () => {
    const { hash } = new URL(desk.page.url())
    const other = await open('insights-other', { viewport: DESKTOP, timezoneId: 'America/New_York' })
    const { body } = await asked(other.page, 'funnel', () => other.page.goto(`${link}&${hash.slice(1)}`))
    assert.equal(body.steps[3].event, 'Cart Viewed')
    assert.equal(other.page.url().includes(apiKey), false)
    const usual = await asked(other.page, 'path', () => other.page.goto(`${api}/#path=%7Bnonsense`))
    assert.equal(usual.body.steps, 5)
    await other.close()
  })

  await step('breakdown and filters', async () => {
    for (const { page, shot } of both) {
      for (const kind of ['trend', 'funnel']) {
        await asked(page, kind, () => page.getByRole('tab', { name: kind }).click())
        const field = panel(page, kind).getByLabel('Broken down by')
        await field.fill('color')
        const { answer } = await asked(page, kind, () => field.press('Tab'))
        await agrees(page, kind, answer)
        assert.equal((kind === 'trend' ? answer.series : answer.breakdown).length >= 3, true)
        await panel(page, kind).locator('.legend').getByText('red').first().waitFor()
        await fits(page, `${kind} by color`)
        await panel(page, kind).locator('.answer').screenshot({ path: `${settings.pictures}/insights-${page.viewportSize().width}-${kind}-color.png` })
      }
      const funnel = panel(page, 'funnel')
      await funnel.getByRole('button', { name: 'Add filter' }).click()
      await funnel.getByLabel('Property of filter 1').fill('color')
      await funnel.getByLabel('Comparison of filter 1').selectOption('in')
      await funnel.getByLabel('Value of filter 1').fill('red, green')
      const { body, answer } = await asked(page, 'funnel', () => funnel.getByRole('button', { name: 'Show' }).click())
      assert.deepEqual(body.filters, [{ property: 'color', op: 'in', value: ['red', 'green'] }])
      assert.deepEqual(answer.breakdown.map((each) => each.breakdown).sort(), ['green', 'red'])
      await agrees(page, 'funnel', answer)
      await fits(page, 'filters')
      await shot('3-filters')
      await funnel.getByLabel('Value of filter 1').fill('none such')
      await asked(page, 'funnel', () => funnel.getByLabel('Value of filter 1').press('Enter'))
      await funnel.getByText('Nothing fits').waitFor()
      await asked(page, 'funnel', () => funnel.getByRole('button', { name: 'Remove filter 1' }).click())
    }
  })

  await step('a property that is the same in all steps', async () => {
    for (const { page } of both) {
      const field = panel(page, 'funnel').getByLabel('The same in all steps')
      await field.fill('color, price')
      const { body, answer } = await asked(page, 'funnel', () => field.press('Tab'))
      assert.deepEqual(body.match, ['color', 'price'])
      assert.equal(answer.steps[0].count, 0) // nobody's catalogue has a price
      await panel(page, 'funnel').getByText('Nothing fits').waitFor()
      await field.fill('color')
      const same = await asked(page, 'funnel', () => field.press('Tab'))
      assert.equal(same.answer.steps[0].count, 40)
      await agrees(page, 'funnel', same.answer)
      await fits(page, 'match')
    }
  })

  await step('a wrong question shows what the API says to it', async () => {
    for (const { page, expect, shot } of both) {
      expect(/400/)
      const within = panel(page, 'funnel').getByLabel('Within')
      await within.fill('a while')
      await within.press('Tab')
      await panel(page, 'funnel').getByText('window must be a time above zero').waitFor()
      await fits(page, 'a wrong question')
      await contrasts(page, 'a wrong question')
      await panel(page, 'funnel').locator('.notice').scrollIntoViewIfNeeded()
      await shot('4-wrong')
      await within.fill('1h')
      const { answer } = await asked(page, 'funnel', () => within.press('Enter'))
      await agrees(page, 'funnel', answer)
    }
  })

  await step('a number, its edges and its parts', async () => {
    for (const { page, shot } of both) {
      await asked(page, 'distribution', () => page.getByRole('tab', { name: 'distribution' }).click())
      const form = panel(page, 'distribution')
      await asked(page, 'distribution', () => form.getByLabel('Event', { exact: true }).selectOption('Product Viewed'))
      const entered = async (label, value) => {
        await form.getByLabel(label, { exact: true }).fill(value)
        return asked(page, 'distribution', () => form.getByLabel(label, { exact: true }).press('Tab'))
      }
      await entered('Number', 'price')
      const { body, answer } = await entered('or edges', '15, 20, 30, 45')
      assert.deepEqual(body.edges, [15, 20, 30, 45])
      // prices are 10, 12, ... 48
      assert.deepEqual(answer.bins.map((each) => each.count), [2, 5, 8])
      assert.deepEqual([answer.below, answer.above, answer.missing], [3, 2, 0])
      assert.equal(answer.quantiles['0.5'], 29)
      await agrees(page, 'distribution', answer)
      const parts = await entered('Broken down by', 'color')
      assert.equal(parts.answer.breakdown.length, 3)
      await agrees(page, 'distribution', parts.answer)
      await fits(page, 'distribution by color')
      await contrasts(page, 'distribution by color')
      await shot('5-distribution')
    }
  })

  await step('arrows move within a grid, and the numbers stay one stop', async () => {
    const { page } = desk
    await asked(page, 'retention', () => page.getByRole('tab', { name: 'Retention' }).click())
    const grid = panel(page, 'retention').locator('.retention')
    assert.equal(await grid.locator('button[tabindex="0"]').count(), 1)
    await grid.locator('button[tabindex="0"]').focus()
    await page.keyboard.press('ArrowDown')
    const label = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'))
    const below = await label()
    await page.keyboard.press('ArrowUp')
    assert.notEqual(await label(), below)
    assert.match(below, /^Cohort .* day 0/)
  })

  for (const each of both) await each.close()
})
