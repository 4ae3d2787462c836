"""A small receiver of Weir's deliveries: checks signatures, leaves doubles out, prints the events.

python3 receiver.py SECRET_FILE [PORT]
"""
import base64
import hashlib
import hmac
import http.server
import json
import sys
import time

seen = set()


def signed(secret, headers, body):
    if abs(time.time() - int(headers["webhook-timestamp"])) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = "v1," + base64.b64encode(hmac.new(key, said, hashlib.sha256).digest()).decode()
    return any(hmac.compare_digest(right, each) for each in headers["webhook-signature"].split())


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        with open(sys.argv[1]) as file:
            secret = file.read().strip()
        if not signed(secret, self.headers, body):
            self.send_response(401)
        else:
            if self.headers["webhook-id"] not in seen:
                seen.add(self.headers["webhook-id"])
                for event in json.loads(body)["events"]:
                    print(event["event"], event["user_id"], event["properties"], flush=True)
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), Receiver)
print(f"http://127.0.0.1:{server.server_port}/hook", flush=True)
server.serve_forever()
