package weir.decode;

import org.jspecify.annotations.Nullable;

/** What a {@link WalkingDecoder} has read of one event. */
interface WalkedEvent {
  /** The client's own id of it. */
  @Nullable String id();

  /** Its name, as far as it is known without building the event. */
  @Nullable String name();
}
