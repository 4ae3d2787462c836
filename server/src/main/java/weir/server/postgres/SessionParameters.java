package weir.server.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import weir.query.postgres.PostgresType;

/**
 * What SET and SHOW speak of. All but the name of the application can be set and shown without any
 * effect: times are in UTC, dates in ISO's order, texts in UTF-8.
 */
final class SessionParameters {
  private static final List<String> REPORTED =
      List.of(
          "server_version",
          "server_encoding",
          "client_encoding",
          "application_name",
          "is_superuser",
          "DateStyle",
          "IntervalStyle",
          "TimeZone",
          "integer_datetimes",
          "standard_conforming_strings");

  private static final List<String> FIXED =
      List.of("timezone", "datestyle", "client_encoding", "standard_conforming_strings");

  private final Map<String, String> values = new HashMap<>(LocalCommand.DEFAULTS);

  SessionParameters(Map<String, String> startup) {
    startup.forEach((name, value) -> {
      String folded = name.toLowerCase(Locale.ROOT);
      if (folded.equals("application_name")) {
        values.put(folded, value);
      }
    });
    values.put("session_authorization", startup.getOrDefault("user", "weir"));
  }

  /** Tells the client all that clients want to know at the start. */
  void report(BackendOutput out) throws IOException {
    for (String name : REPORTED) {
      report(name, out);
    }
    report("session_authorization", out);
  }

  private void report(String name, BackendOutput out) throws IOException {
    out.parameter(name, values.getOrDefault(name.toLowerCase(Locale.ROOT), ""));
  }

  void set(String name, String value, BackendOutput out) throws IOException {
    if (name.equals("client_encoding")
        && !List.of("UTF8", "UTF-8", "UNICODE", "SQL_ASCII")
            .contains(value.toUpperCase(Locale.ROOT))) {
      out.message('N', notice("texts stay in UTF-8"));
    }
    if (!FIXED.contains(name)) {
      values.put(name, value);
    }
    if (name.equals("application_name")) {
      report(name, out);
    }
  }

  private static byte[] notice(String text) {
    return ("SNOTICE\0VNOTICE\0C00000\0M" + text + "\0\0").getBytes(StandardCharsets.UTF_8);
  }

  static void describe(LocalCommand show, BackendOutput out) throws IOException {
    out.message(
        'T',
        body -> {
          body.writeShort(1);
          BackendOutput.text(body, show.name());
          body.writeInt(0);
          body.writeShort(0);
          body.writeInt(PostgresType.TEXT.oid());
          body.writeShort(-1);
          body.writeInt(-1);
          body.writeShort(0);
        });
  }

  void show(String name, BackendOutput out) throws PostgresException, IOException {
    String value = values.get(name);
    if (value == null) {
      throw new PostgresException("42704", "unrecognized configuration parameter \"" + name + "\"");
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.message(
        'D',
        body -> {
          body.writeShort(1);
          body.writeInt(bytes.length);
          body.write(bytes);
        });
  }
}
