package weir.decode;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Ids of events that came without one. */
final class RequestEventId {
  private RequestEventId() {}

  /** The same for the same place in the same request, always. */
  static String of(UUID requestId, int index) {
    ByteBuffer name =
        ByteBuffer.allocate(20)
            .putLong(requestId.getMostSignificantBits())
            .putLong(requestId.getLeastSignificantBits())
            .putInt(index);
    return UUID.nameUUIDFromBytes(name.array()).toString();
  }
}
