package weir.server.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the body of a RowDescription. */
final class RowDescription {
  /** Bytes of a column after its name. */
  private static final int AFTER_NAME = 18;

  private RowDescription() {}

  static List<String> names(byte[] body) {
    ByteBuffer in = ByteBuffer.wrap(body);
    List<String> names = new ArrayList<>();
    for (int left = in.getShort(); left > 0; left--) {
      int start = in.position();
      while (in.get() != 0) {
        continue;
      }
      names.add(new String(body, start, in.position() - start - 1, StandardCharsets.UTF_8));
      in.position(in.position() + AFTER_NAME);
    }
    return names;
  }
}
