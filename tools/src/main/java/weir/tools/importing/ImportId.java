package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which import an event came by. Events bear it as the version of their library, {@code import ID},
 * which is the column {@code library_version}; where a call has a library of its own, behind that
 * one's version.
 *
 * @param text such as {@code 20260131-100000-4f2a9c}
 */
public record ImportId(String text) {
  private static final Pattern FORM = Pattern.compile("\\d{8}-\\d{6}-[0-9a-f]{6}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String LIBRARY = "weir-import";

  public ImportId {
    Objects.requireNonNull(text, "text");
    if (!isOne(text)) {
      throw new IllegalArgumentException("no import is called '" + text + "'");
    }
  }

  /** Whether an import may be called so. */
  public static boolean isOne(String text) {
    return FORM.matcher(text).matches();
  }

  /**
   * One of an import that begins now.
   *
   * @param random tells it from others of the same second
   */
  static ImportId of(Instant now, int random) {
    return new ImportId(TIME.format(now) + String.format(Locale.ROOT, "-%06x", random & 0xffffff));
  }

  /** How the library's version ends. */
  public String mark() {
    return "import " + text;
  }

  /** Makes a call bear it, unless its context is none. */
  void addTo(ObjectNode call) {
    JsonNode context = call.path("context");
    if (!context.isObject() && !context.isMissingNode() && !context.isNull()) {
      return;
    }
    JsonNode library = context.path("library");
    String name = library.isTextual() ? library.asText() : library.path("name").asText("");
    String version = library.path("version").asText("");
    ObjectNode bearer = context instanceof ObjectNode own ? own : call.putObject("context");
    ObjectNode bearing = library instanceof ObjectNode own ? own : bearer.putObject("library");
    bearing.put("name", name.isEmpty() ? LIBRARY : name);
    bearing.put("version", version.isEmpty() ? mark() : version + " " + mark());
  }
}
