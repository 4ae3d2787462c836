package weir.decode;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The address of a schema: {@code iglu:VENDOR/NAME/jsonschema/VERSION}. Schemas are names here:
 * they are not fetched.
 *
 * @param address as it was sent
 * @param vendorAndName what it describes, without format and version
 * @param name its own name in lower snake case
 */
record IgluSchema(String address, String vendorAndName, String name) {
  private static final String SCHEME = "iglu:";
  private static final int MOST_KNOWN = 1_000;
  private static final int LONGEST_KNOWN = 300;

  /** Those that were read: a client's are few. */
  private static final Map<String, IgluSchema> KNOWN = new ConcurrentHashMap<>();

  /** Null if the text is no such address. */
  static @Nullable IgluSchema of(@Nullable String address) {
    if (address == null) {
      return null;
    }
    IgluSchema known = KNOWN.get(address);
    if (known != null) {
      return known;
    }
    IgluSchema read = read(address);
    if (read != null && address.length() <= LONGEST_KNOWN && KNOWN.size() < MOST_KNOWN) {
      KNOWN.put(address, read);
    }
    return read;
  }

  private static @Nullable IgluSchema read(String address) {
    int from = address.startsWith(SCHEME) ? address.indexOf('/') : -1;
    int to = from < 0 ? -1 : address.indexOf('/', from + 1);
    if (to < 0) {
      return null;
    }
    String name = EventKinds.fold(address.substring(from + 1, to));
    return name.isEmpty()
        ? null
        : new IgluSchema(address, address.substring(SCHEME.length(), to), name);
  }
}
