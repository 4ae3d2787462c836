package weir.testkit;

/**
 * A made event.
 *
 * @param id its messageId
 * @param name its event name; empty for a page call
 * @param json the body of one call, UTF-8, not to be changed
 */
public record GeneratedEvent(String id, String name, byte[] json) {}
