package weir.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the contexts of a request's events. A page's events mostly repeat those of the event
 * before, which are not read again then. Used by one thread.
 */
final class SnowplowContextsReader {
  private @Nullable EncodedJson sent;
  private @Nullable List<SnowplowEntity> read;

  /** The entities, not to be changed; null if the text holds none. */
  @Nullable List<SnowplowEntity> read(EncodedJson contexts) {
    if (!contexts.equals(sent)) {
      read = contexts.read(SnowplowEntity::readAll);
      sent = contexts;
    }
    return read;
  }
}
