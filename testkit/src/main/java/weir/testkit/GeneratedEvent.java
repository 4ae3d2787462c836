package weir.testkit;

/**
 * A made event.
 *
 * @param id its messageId
 * @param name its event name; empty for a page call
 * @param json the body of one call, UTF-8, not to be changed
 */
public record GeneratedEvent(String id, String name, byte[] json) {
  /** The path that takes it as a single call. */
  public String path() {
    return name.isEmpty() ? "/v1/page" : "/v1/track";
  }
}
