// Sends one call of each kind through RudderStack's SDK: node rudder-node.mjs HOST WRITE_KEY
import RudderAnalytics from '@rudderstack/rudder-sdk-node'

const [dataPlaneUrl, writeKey] = process.argv.slice(2)
const client = new RudderAnalytics(writeKey, { dataPlaneUrl, flushAt: 20 })
const who = { userId: 'u-rudder-node', anonymousId: 'a-rudder-node' }
const failures = []
const sent = (error) => error && failures.push(error)

client.track({
  ...who,
  messageId: 'rudder-node-track',
  event: 'Order Completed',
  timestamp: new Date('2026-01-02T03:04:05.678Z'),
  context: { ip: '203.0.113.7', page: { url: 'https://shop.example/' } },
  properties: { revenue: 25.5, currency: 'EUR' },
}, sent)
client.identify({ ...who, messageId: 'rudder-node-identify', traits: { email: 'ada@example.org' } }, sent)
client.page({ ...who, messageId: 'rudder-node-page', name: 'Home' }, sent)
client.screen({ ...who, messageId: 'rudder-node-screen', name: 'Cart' }, sent)
client.group({ ...who, messageId: 'rudder-node-group', groupId: 'g-1' }, sent)
client.alias({ ...who, messageId: 'rudder-node-alias', previousId: 'b-rudder-node' }, sent)
await new Promise((done) => client.flush(done))
if (failures.length > 0) console.error(failures)
process.exit(failures.length === 0 ? 0 : 1)
