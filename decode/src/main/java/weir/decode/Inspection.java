package weir.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be said of a request at the door. */
public sealed interface Inspection {
  /**
   * The body can be read.
   *
   * @param events how many events it holds, the quarantined ones too; 0 if nothing of it is to be
   *     stored
   * @param writeKey the key that the body names, if it names one
   * @param quarantined those that will not become events, by index; where nothing is to be stored
   *     and there are 0 events, what the reply is to tell
   */
  record Readable(int events, @Nullable String writeKey, List<Quarantined> quarantined)
      implements Inspection {}

  /**
   * The body as a whole is not of the protocol; nothing of it may be stored.
   *
   * @param message what is wrong, where, and how to mend it
   */
  record Malformed(String message) implements Inspection {}

  /** An event that goes to quarantine. */
  record Quarantined(int index, String reason) {}
}
