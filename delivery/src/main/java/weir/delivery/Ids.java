package weir.delivery;

import java.util.UUID;

/** Ids that nobody can guess or has given before. */
final class Ids {
  private Ids() {}

  /** Of a delivery. */
  static String delivery() {
    return random("dlv_");
  }

  /** Of a request, as the specification Standard Webhooks writes it. */
  static String request() {
    return random("msg_");
  }

  static String deadLetter() {
    return random("dl_");
  }

  private static String random(String prefix) {
    return prefix + UUID.randomUUID().toString().replace("-", "");
  }
}
