package weir.collect;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not accepted.
 *
 * @param code stable, in lower snake case
 * @param message what is wrong and how to mend it
 * @param retryAfterSeconds 0 if trying again is no use
 * @param close whether the connection ends with it
 * @param allow the methods that the path takes, where the method was wrong
 */
record Refusal(
    int status,
    String code,
    String message,
    int retryAfterSeconds,
    boolean close,
    @Nullable String allow) {
  /** What every API key begins with; no write key does. */
  private static final String API_KEY = "ak_";

  private Refusal(int status, String code, String message, int retryAfterSeconds, boolean close) {
    this(status, code, message, retryAfterSeconds, close, null);
  }

  static Refusal of(int status, String code, String message) {
    return new Refusal(status, code, message, 0, false);
  }

  static Refusal wrongMethod(String path, String allow, String method) {
    return new Refusal(
        405, "method_not_allowed", path + " takes " + allow + ", not " + method, 0, false, allow);
  }

  static Refusal internal() {
    return of(500, "internal", "the request could not be read, which is the collector's fault");
  }

  static Refusal notHttp() {
    return new Refusal(
        400, "malformed", "the request's head is not HTTP/1.1, or it is too long", 0, true);
  }

  /** Where the request ends is not clear, and so nothing is read after it. */
  static Refusal unclear(String message) {
    return new Refusal(400, "malformed", message, 0, true);
  }

  static Refusal malformed(String message) {
    return of(400, "malformed", message);
  }

  static Refusal noKey() {
    return of(
        401,
        "no_write_key",
        "send a write key: as user of Authorization: Basic, as Authorization: Bearer, as \"writeKey\""
            + " in the body, or as ?write_key= in the query");
  }

  /**
   * A key that opens nothing here.
   *
   * @param key as it was sent
   */
  static Refusal wrongKey(String key) {
    return of(
        401,
        "wrong_write_key",
        key.startsWith(API_KEY)
            ? "this is an API key, which asks at the API's port; the collector takes a write key,"
                + " which begins with wk_"
            : "there is no such write key, or it is disabled");
  }

  /** Nothing takes requests at a webhook's address. */
  static Refusal noWebhook() {
    return of(
        404,
        "no_webhook",
        "there is no webhook at this address, or it is disabled: ./weir webhook list shows them");
  }

  /** What is to be brought again comes without the webhook's replay key. */
  static Refusal wrongReplayKey() {
    return of(
        401, "wrong_replay_key", "Authorization must be Bearer with the webhook's replay key");
  }

  static Refusal tooLarge(long limit) {
    return new Refusal(
        413,
        "request_too_large",
        "the body is larger than " + limit + " bytes: send smaller batches",
        0,
        true);
  }

  static Refusal tooLargeDecoded(String message) {
    return of(413, "request_too_large", message);
  }

  static Refusal late() {
    return new Refusal(
        408, "request_timeout", "the body did not arrive in time: send it again", 0, true);
  }

  static Refusal busy(String message) {
    return new Refusal(429, "too_many_requests", message, 1, false);
  }

  /** One of a key's limits. */
  static Refusal limited(String code, String message, long retryAfterSeconds) {
    return new Refusal(429, code, message, Math.toIntExact(Math.max(1, retryAfterSeconds)), false);
  }

  static Refusal unavailable(String code, String message) {
    return new Refusal(503, code, message, 1, false);
  }

  static Refusal logFull() {
    return unavailable("log_full", "the raw log is full, nothing was stored: try again");
  }

  static Refusal logFailed() {
    return unavailable(
        "log_failed", "the raw log has failed, it is not certain what it stored: try again");
  }

  static Refusal partlyStored() {
    return unavailable(
        "partly_stored",
        "a partition of the raw log is full, some of the events were not stored: send all of them"
            + " again; those that were stored are known by the ids that they came with");
  }

  static Refusal tooLargeForLog() {
    return of(413, "request_too_large", "the raw log does not take so large a request");
  }

  static Refusal stopping() {
    return new Refusal(503, "stopping", "the collector is stopping: send it again", 1, true);
  }

  /** {"error":{"code":"...","message":"..."}} */
  String json() {
    return "{\"error\":{\"code\":\""
        + code
        + "\",\"message\":\""
        + new String(JsonStringEncoder.getInstance().quoteAsString(message))
        + "\"}}";
  }
}
