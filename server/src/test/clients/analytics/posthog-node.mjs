// Sends through PostHog's library for Node: node posthog-node.mjs HOST WRITE_KEY
import { PostHog } from 'posthog-node'

const [host, writeKey] = process.argv.slice(2)
const posthog = new PostHog(writeKey, { host, flushAt: 20 })
let failures = 0
posthog.on('error', (error) => {
  failures++
  console.error(error)
})

posthog.capture({
  distinctId: 'u-ph-node',
  event: 'Order Completed',
  uuid: '0198a000-0000-7000-8000-000000000001',
  timestamp: new Date('2026-01-02T03:04:05.678Z'),
  properties: { revenue: 25.5, currency: 'EUR', $current_url: 'https://shop.example/p/1?utm_source=mail', nested: { a: [1] } },
  groups: { company: 'c-1' },
})
posthog.identify({ distinctId: 'u-ph-node', properties: { email: 'ada@example.org', $set_once: { first: 1 } } })
posthog.alias({ distinctId: 'u-ph-node', alias: 'a-ph-node' })
posthog.groupIdentify({ groupType: 'company', groupKey: 'c-1', properties: { size: 3 } })
posthog.captureException(new Error('boom'), 'u-ph-node')
const flags = await posthog.getAllFlags('u-ph-node')
if (Object.keys(flags).length !== 0) failures++
await posthog.shutdown()
process.exit(failures === 0 ? 0 : 1)
