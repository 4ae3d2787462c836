package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which columns of a file mean what.
 *
 * @param event null where every event has the same name
 * @param user null if there is none
 * @param anonymous null if there is none
 * @param time null if every event is to get the time of the import
 * @param calls whether rows are calls of the tracking API, sent as they are
 * @param context columns that go to the event's context
 */
record Columns(
    @Nullable String event,
    @Nullable String user,
    @Nullable String anonymous,
    @Nullable String time,
    boolean calls,
    Set<String> context) {
  private static final List<String> EVENT_NAMES =
      List.of("event", "eventname", "eventtype", "action", "activity", "name", "type");
  private static final List<String> USER_NAMES =
      List.of(
          "userid",
          "user",
          "uid",
          "distinctid",
          "customerid",
          "customer",
          "memberid",
          "personid",
          "accountid",
          "actor",
          "clientid",
          "username",
          "email");
  private static final List<String> ANONYMOUS_NAMES =
      List.of(
          "anonymousid",
          "visitorid",
          "visitor",
          "deviceid",
          "cookieid",
          "cookie",
          "userpseudoid",
          "sessionid",
          "ip");
  private static final List<String> TIME_NAMES =
      List.of(
          "timestamp",
          "time",
          "ts",
          "eventtime",
          "eventtimestamp",
          "datetime",
          "occurredat",
          "createdat",
          "originaltimestamp",
          "date",
          "receivedat");
  private static final Set<String> CALLS =
      Set.of("track", "page", "screen", "identify", "group", "alias");

  /**
   * As told; what is not told, by the columns' names.
   *
   * @throws UnclearFileException if that does not tell enough
   */
  static Columns choose(ImportOptions options, List<ObjectNode> sample)
      throws UnclearFileException {
    return choose(options, sample, true);
  }

  /** As {@link #choose}; what names do not tell is null. */
  static Columns find(ImportOptions options, List<ObjectNode> sample) throws UnclearFileException {
    return choose(options, sample, false);
  }

  private static Columns choose(ImportOptions options, List<ObjectNode> sample, boolean all)
      throws UnclearFileException {
    Set<String> names = new LinkedHashSet<>();
    sample.forEach(row -> row.fieldNames().forEachRemaining(names::add));
    if (options.identify()) {
      return users(options, names, all);
    }
    if (options.values().accessLog()) {
      return requests(options, names);
    }
    if (areCalls(options, sample)) {
      return new Columns(null, null, null, null, true, Set.of());
    }
    String eventColumn = told("--event-column", options.eventColumn(), names);
    String userColumn = told("--user-column", options.userColumn(), names);
    String timeColumn =
        ImportOptions.NO_TIME.equals(options.timeColumn())
            ? null
            : told("--time-column", options.timeColumn(), names);
    if (eventColumn == null && options.event() == null) {
      eventColumn =
          find(EVENT_NAMES, names, all, "names the event", "--event NAME or --event-column C");
    }
    Set<String> free = new LinkedHashSet<>(names);
    free.remove(eventColumn);
    if (timeColumn == null && options.timeColumn() == null) {
      String option = "--time-column C, or --time-column none to give all the time of the import";
      timeColumn = find(TIME_NAMES, free, all, "has the time", option);
    }
    free.remove(timeColumn);
    String anonymous = null;
    if (userColumn == null) {
      userColumn = find(USER_NAMES, free);
      anonymous = find(ANONYMOUS_NAMES, free);
      if (userColumn != null && "ip sessionid".contains(key(anonymous))) {
        anonymous = null;
      }
      if (userColumn == null && anonymous == null && all) {
        throw unclear("says who did it", "--user-column C", names);
      }
    }
    return new Columns(eventColumn, userColumn, anonymous, timeColumn, false, Set.of());
  }

  /** Of an access log. */
  private static Columns requests(ImportOptions options, Set<String> names)
      throws UnclearFileException {
    String user = told("--user-column", options.userColumn(), names);
    return new Columns(
        told("--event-column", options.eventColumn(), names),
        user == null ? AccessLogRows.USER : user,
        AccessLogRows.IP,
        ImportOptions.NO_TIME.equals(options.timeColumn()) ? null : AccessLogRows.TIME,
        false,
        Set.of(AccessLogRows.AGENT, AccessLogRows.REFERRER, AccessLogRows.HOST));
  }

  /** Columns with times are traits, such as when a user signed up, unless one is named. */
  private static Columns users(ImportOptions options, Set<String> names, boolean all)
      throws UnclearFileException {
    String user = told("--user-column", options.userColumn(), names);
    String time =
        ImportOptions.NO_TIME.equals(options.timeColumn())
            ? null
            : told("--time-column", options.timeColumn(), names);
    if (user == null) {
      user = find(USER_NAMES, names, all, "has the user id", "--user-column C");
    }
    return new Columns(null, user, null, time, false, Set.of());
  }

  private static boolean areCalls(ImportOptions options, List<ObjectNode> sample) {
    return options.event() == null
        && options.eventColumn() == null
        && options.userColumn() == null
        && options.timeColumn() == null
        && !sample.isEmpty()
        && sample.stream()
            .allMatch(row ->
                CALLS.contains(row.path("type").asText())
                    && (row.hasNonNull("userId") || row.hasNonNull("anonymousId")));
  }

  private static @Nullable String told(String option, @Nullable String told, Set<String> names)
      throws UnclearFileException {
    if (told == null || names.contains(told)) {
      return told;
    }
    throw new UnclearFileException(
        option + " " + told + ": there is no such column; there are " + String.join(", ", names));
  }

  private static @Nullable String find(
      List<String> wanted, Set<String> names, boolean must, String what, String option)
      throws UnclearFileException {
    String found = find(wanted, names);
    if (found == null && must) {
      throw unclear(what, option, names);
    }
    return found;
  }

  private static @Nullable String find(List<String> wanted, Set<String> names) {
    Map<String, String> byKey = new LinkedHashMap<>();
    names.forEach(name -> byKey.putIfAbsent(key(name), name));
    return wanted.stream()
        .map(byKey::get)
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static String key(@Nullable String name) {
    return name == null ? "-" : name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }

  private static UnclearFileException unclear(String what, String option, Set<String> names) {
    return new UnclearFileException(
        "it is not clear which column "
            + what
            + ": give "
            + option
            + ". Columns are: "
            + String.join(", ", names));
  }

  /** The columns that stay properties. */
  boolean isProperty(String name) {
    return !name.equals(event)
        && !name.equals(user)
        && !name.equals(anonymous)
        && !name.equals(time)
        && !context.contains(name);
  }

  /** What was chosen, a line each. */
  List<String> describe(ImportOptions options, TextTypes types, List<String> properties) {
    List<String> lines = new ArrayList<>();
    if (calls) {
      lines.add("rows     are calls of the tracking API, sent as they are");
      return lines;
    }
    String named = event == null ? "always \"" + options.event() + "\"" : "column " + event;
    lines.add(options.identify() ? "rows     are users" : "event    " + named);
    String person = user == null ? "" : "column " + user;
    String device = anonymous == null ? "" : "column " + anonymous + " (as anonymous id)";
    lines.add("who      " + person + (person.isEmpty() || device.isEmpty() ? "" : ", ") + device);
    lines.add("time     " + (time == null ? "that of the import" : "column " + time));
    List<String> shown = new ArrayList<>();
    for (String property : properties) {
      shown.add(property + types.label(property));
    }
    lines.add(
        (options.identify() ? "trait    " : "property ")
            + (shown.isEmpty() ? "none" : String.join(", ", shown)));
    return lines;
  }

  /** The value as text, empty if there is none. */
  static String text(ObjectNode row, @Nullable String column) {
    JsonNode value = column == null ? null : row.get(column);
    if (value == null || value.isNull() || value.isContainerNode()) {
      return "";
    }
    return value.isNumber() ? value.decimalValue().toPlainString() : value.asText().strip();
  }
}
