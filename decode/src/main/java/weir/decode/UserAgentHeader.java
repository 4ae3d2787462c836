package weir.decode;

import org.jspecify.annotations.Nullable;

/** Whose a request's header user-agent is. */
final class UserAgentHeader {
  private UserAgentHeader() {}

  /** Whether it is that of a browser, and so of a person, not of a library on a server. */
  static boolean isBrowsers(@Nullable String header) {
    return header != null && (header.startsWith("Mozilla/") || header.startsWith("Opera/"));
  }
}
