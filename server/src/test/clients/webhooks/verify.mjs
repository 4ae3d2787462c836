import { Webhook } from "standardwebhooks";

const [secret, id, timestamp, signature, body] = process.argv.slice(2);
const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
new Webhook(secret).verify(body, headers);
try {
  new Webhook(secret).verify(body + " ", headers);
  process.exitCode = 1;
} catch {
  console.log("verified " + id);
}
