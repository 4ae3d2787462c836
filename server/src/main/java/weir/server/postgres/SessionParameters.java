package weir.server.postgres;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.query.postgres.PostgresCatalog;

/**
 * What SET and SHOW speak of. The time zone is obeyed; most others can be set and shown without any
 * effect: dates are in ISO's order, texts in UTF-8.
 */
final class SessionParameters {
  private static final String TIME_ZONE = "timezone";
  private static final int MAX_CHARACTERS = 4096;

  /** Parameters that PostgreSQL does not have, such as {@code my.own}. */
  private static final int MAX_OWN = 50;

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

  private static final Set<String> FIXED =
      Set.of("datestyle", "client_encoding", "standard_conforming_strings", "intervalstyle");

  private static final Set<String> READ_ONLY =
      Set.of(
          "server_version",
          "server_version_num",
          "server_encoding",
          "integer_datetimes",
          "is_superuser",
          "max_identifier_length",
          "max_index_keys",
          "lc_collate",
          "lc_ctype");

  /** A setting in the startup parameter {@code options}. */
  private static final Pattern OPTION = Pattern.compile("(?:-c\\s*|--)([\\w.]+)=((?:\\\\.|\\S)*)");

  /** What a parameter is that nobody has set. */
  private static final Map<String, String> DEFAULTS = PostgresCatalog.parameters();

  private final Map<String, String> initial;

  /** Never changed, but replaced. */
  private Map<String, String> values;

  /** What a parameter was before it was set for one transaction alone. */
  private final Map<String, String> beforeLocal = new HashMap<>();

  SessionParameters(Map<String, String> startup) {
    Map<String, String> first = new HashMap<>(DEFAULTS);
    first.put("session_authorization", startup.getOrDefault("user", "weir"));
    startup.forEach((name, value) -> startWith(first, name, value));
    Matcher option = OPTION.matcher(startup.getOrDefault("options", ""));
    while (option.find()) {
      startWith(first, option.group(1), option.group(2).replaceAll("\\\\(.)", "$1"));
    }
    this.initial = Map.copyOf(first);
    this.values = initial;
  }

  /** What the client does not know how to ask for is as if it had not asked. */
  private static void startWith(Map<String, String> first, String name, String value) {
    String folded = name.toLowerCase(Locale.ROOT);
    boolean known =
        value.length() <= MAX_CHARACTERS
            && DEFAULTS.containsKey(folded)
            && !FIXED.contains(folded)
            && !READ_ONLY.contains(folded);
    if (known && (!folded.equals(TIME_ZONE) || TimeZones.find(value).isPresent())) {
      first.put(folded, value);
    }
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

  /** All that there are, by names in lower case. */
  Map<String, String> values() {
    return values;
  }

  /** What the query process is told of them. */
  Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>(values);
    settings.entrySet().removeAll(DEFAULTS.entrySet());
    settings.put(TIME_ZONE, TimeZones.find(zone()).orElse("UTC"));
    return settings;
  }

  private String zone() {
    return Objects.requireNonNull(values.get(TIME_ZONE));
  }

  void set(String name, String value, BackendOutput out) throws PostgresException, IOException {
    if (READ_ONLY.contains(name)) {
      throw new PostgresException("55P02", "parameter \"" + name + "\" cannot be changed");
    }
    if (value.length() > MAX_CHARACTERS || values.size() > DEFAULTS.size() + MAX_OWN) {
      throw new PostgresException("53400", "there are too many parameters, or one is too long");
    }
    boolean isDefault = value.equalsIgnoreCase("default");
    boolean isZone = name.equals(TIME_ZONE);
    if (isDefault || isZone && value.equalsIgnoreCase("local")) {
      reset(name, out);
      return;
    }
    if (isZone && TimeZones.find(value).isEmpty()) {
      throw new PostgresException(
          "22023", "invalid value for parameter \"TimeZone\": \"" + value + "\"");
    } else if (!DEFAULTS.containsKey(name) && !name.contains(".")) {
      throw unknown(name);
    }
    boolean stays =
        FIXED.contains(name)
            && !values.getOrDefault(name, "").equalsIgnoreCase(value)
            && !(name.equals("datestyle") && value.regionMatches(true, 0, "ISO", 0, 3))
            && !List.of("UTF8", "UTF-8", "UNICODE", "SQL_ASCII")
                .contains(value.toUpperCase(Locale.ROOT));
    if (stays) {
      out.warning("01000", name + " stays " + values.get(name));
    }
    if (!FIXED.contains(name)) {
      change(name, value, out);
    }
  }

  private void change(String name, String value, BackendOutput out) throws IOException {
    Map<String, String> changed = new HashMap<>(values);
    changed.put(name, value);
    values = Map.copyOf(changed);
    for (String reported : REPORTED) {
      if (reported.equalsIgnoreCase(name)) {
        report(reported, out);
      }
    }
  }

  /** Sets until the end of the transaction. */
  void setLocal(String name, String value, BackendOutput out)
      throws PostgresException, IOException {
    String before = values.getOrDefault(name, "");
    set(name, value, out);
    beforeLocal.putIfAbsent(name, before);
  }

  void endLocal(BackendOutput out) throws IOException {
    for (Map.Entry<String, String> before : beforeLocal.entrySet()) {
      change(before.getKey(), before.getValue(), out);
    }
    beforeLocal.clear();
  }

  /** Brings back what {@link #values} said earlier. */
  void restore(Map<String, String> earlier, BackendOutput out) throws IOException {
    beforeLocal.keySet().removeIf(name -> !earlier.containsKey(name));
    Map<String, String> left = new HashMap<>(values);
    left.keySet().retainAll(earlier.keySet());
    values = Map.copyOf(left);
    for (Map.Entry<String, String> was : earlier.entrySet()) {
      if (!was.getValue().equals(values.get(was.getKey()))) {
        change(was.getKey(), was.getValue(), out);
      }
    }
    beforeLocal.clear();
  }

  /** Brings back how one parameter, or all, were at the start. */
  void reset(String name, BackendOutput out) throws PostgresException, IOException {
    if (name.equals("all")) {
      restore(initial, out);
    } else if (initial.containsKey(name)) {
      change(name, Objects.requireNonNull(initial.get(name)), out);
    } else if (values.containsKey(name)) {
      Map<String, String> left = new HashMap<>(values);
      left.remove(name);
      values = Map.copyOf(left);
    } else {
      throw unknown(name);
    }
  }

  private static PostgresException unknown(String name) {
    return new PostgresException("42704", "unrecognized configuration parameter \"" + name + "\"");
  }

  void describe(String name, BackendOutput out) throws PostgresException, IOException {
    if (!name.equals("all") && !values.containsKey(name)) {
      throw unknown(name);
    }
    out.textColumns(name.equals("all") ? List.of("name", "setting", "description") : List.of(name));
  }

  void show(String name, BackendOutput out) throws PostgresException, IOException {
    if (name.equals("all")) {
      for (Map.Entry<String, String> each : new TreeMap<>(values).entrySet()) {
        out.textRow(List.of(each.getKey(), each.getValue(), ""));
      }
      return;
    }
    String value = values.get(name);
    if (value == null) {
      throw unknown(name);
    }
    out.textRow(List.of(value));
  }
}
