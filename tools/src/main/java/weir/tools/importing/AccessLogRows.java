package weir.tools.importing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An access log of Apache or nginx in the common or the combined format:
 *
 * <pre>
 *   ip - user [17/May/2015:10:05:03 +0000] "GET /path?query HTTP/1.1" 200 203023 "referrer" "agent"
 * </pre>
 *
 * <p>Before it may stand the host, perhaps with its port, as in Apache's {@code vhost_combined}. It
 * is one where the next word is an address: behind an address stands a name or a dash.
 *
 * <p>A line that is not all of this is refused, unless only the end of the agent is missing:
 * servers and collectors of logs cut long lines. What the server has escaped in quotes ({@code \"},
 * {@code \xhh}) is undone, so that a quote in an agent ends nothing. A request line that is no
 * request of HTTP, such as a TLS handshake sent to a plain port, keeps its text as {@code request}.
 *
 * <p>The two formats are fixed, so a pattern is enough. nl.basjes' httpdlog-parser reads any
 * LogFormat, and brings a database of places, a generator of byte code and four more libraries.
 */
final class AccessLogRows implements RowSource {
  static final String HOST = "host";
  static final String IP = "ip";
  static final String USER = "user";
  static final String TIME = "time";
  static final String AGENT = "user_agent";
  static final String REFERRER = "referrer";
  static final String PATH = "path";

  /** How its times are written. */
  static final String TIME_FORMAT = "dd/MMM/uuuu:HH:mm:ss Z";

  private static final String OPEN = "\"((?:[^\"\\\\]|\\\\.)*+)";
  private static final String QUOTED = OPEN + "\"";
  private static final Pattern LINE =
      Pattern.compile(
          "(?:(?<host>(?!\\d+(?:\\.\\d+){3}\\b)[^\\s,]+) (?=[0-9a-fA-F]*+[.:][0-9a-fA-F.:]*+ ))?"
              + "(\\S+) \\S+ (.+?) \\[([^\\]]+)\\] "
              + QUOTED
              + " (\\d{3}) (\\d+|-)(?: "
              + QUOTED
              + " "
              + OPEN
              + "\"?)?");
  private static final Pattern REQUEST =
      Pattern.compile("([A-Z]+) (\\S+)(?: (HTTP/\\d(?:\\.\\d)?))?");
  private static final Pattern ESCAPE =
      Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|(.))", Pattern.DOTALL);
  private static final int LONGEST = 1 << 20;

  private final InputFile file;
  private final BufferedReader in;
  private long line;

  AccessLogRows(InputFile file) {
    this.file = file;
    this.in =
        new BufferedReader(new InputStreamReader(file.content(), StandardCharsets.UTF_8), 1 << 16);
  }

  @Override
  public @Nullable Row next() throws IOException {
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      line++;
      if (!text.isBlank()) {
        return parse(line, text.stripTrailing());
      }
    }
    return null;
  }

  static Row parse(long line, String text) {
    Matcher parts = LINE.matcher(text);
    if (text.length() > LONGEST || !parts.matches()) {
      return new Row.Unreadable(
          line, "it is no line of an access log in the common or combined format", text);
    }
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    put(row, HOST, parts.group("host"));
    row.put(IP, parts.group(2));
    put(row, USER, unescaped(parts.group(3)));
    row.put(TIME, parts.group(4));
    String request = unescaped(parts.group(5));
    Matcher words = REQUEST.matcher(request);
    if (words.matches()) {
      row.put("method", words.group(1));
      row.put(PATH, words.group(2));
      put(row, "protocol", words.group(3));
    } else {
      put(row, "request", request);
    }
    row.put("status", Integer.parseInt(parts.group(6)));
    if (!parts.group(7).equals("-")) {
      row.put("bytes", new java.math.BigInteger(parts.group(7)));
    }
    put(row, REFERRER, unescaped(parts.group(8)));
    put(row, AGENT, unescaped(parts.group(9)));
    return new Row.Values(line, row, text);
  }

  private static void put(ObjectNode row, String name, @Nullable String value) {
    if (value != null && !value.isEmpty() && !value.equals("-")) {
      row.put(name, value);
    }
  }

  private static String unescaped(@Nullable String text) {
    if (text == null || text.indexOf('\\') < 0) {
      return text == null ? "" : text;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    Matcher escape = ESCAPE.matcher(text);
    int from = 0;
    while (escape.find()) {
      bytes.writeBytes(text.substring(from, escape.start()).getBytes(StandardCharsets.UTF_8));
      if (escape.group(1) == null) {
        bytes.writeBytes(plain(escape.group(2)).getBytes(StandardCharsets.UTF_8));
      } else {
        bytes.write(Integer.parseInt(escape.group(1), 16));
      }
      from = escape.end();
    }
    bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String plain(String escaped) {
    return switch (escaped) {
      case "n" -> "\n";
      case "t" -> "\t";
      case "r" -> "\r";
      case "b" -> "\b";
      case "f" -> "\f";
      case "v" -> "\u000b";
      default -> escaped;
    };
  }

  /**
   * What is no property of an event, but of what was around it.
   *
   * @param site the hosts of the site
   */
  static void putContext(ObjectNode context, ObjectNode row, List<String> site) {
    context.put("ip", row.path(IP).asText());
    if (row.has(AGENT)) {
      context.put("userAgent", row.path(AGENT).asText());
    }
    if (row.has(PATH)) {
      String path = row.path(PATH).asText();
      int query = path.indexOf('?');
      ObjectNode page = context.withObjectProperty("page");
      page.put("path", query < 0 ? path : path.substring(0, query));
      url(row, site).ifPresent(url -> page.put("url", url));
    }
    if (row.has(REFERRER)) {
      context.withObjectProperty("page").put("referrer", row.path(REFERRER).asText());
    }
  }

  /**
   * The address of a row's page; empty where nobody says its host.
   *
   * @param site the hosts of the site
   */
  static Optional<String> url(ObjectNode row, List<String> site) {
    String path = row.path(PATH).asText();
    return path.startsWith("/")
        ? PageHost.origin(row.path(HOST).asText(), row.path(REFERRER).asText(), site)
            .map(origin -> origin + path)
        : Optional.empty();
  }

  @Override
  public String describe() {
    return file.describe().replaceFirst("^\\w+", "access log");
  }

  @Override
  public String suffix() {
    return ".log";
  }

  @Override
  public String text(Row.Values row) {
    return String.valueOf(row.source());
  }

  @Override
  public long done() {
    return file.done();
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
