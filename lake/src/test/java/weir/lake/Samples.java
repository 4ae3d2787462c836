package weir.lake;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.RawPosition;

/** Records for tests, each told from the others by a number. */
public final class Samples {
  public static final long NOON = micros("2026-03-01T12:00:00Z");
  public static final long DAY = 86_400_000_000L;

  private Samples() {}

  static long micros(String instant) {
    return Instant.parse(instant).toEpochMilli() * 1000;
  }

  /** Small memory, and one interval for all tables. */
  public static LakeOptions options(int commitEvents, Duration interval) {
    return options(commitEvents, interval, UpkeepOptions.DEFAULT);
  }

  public static LakeOptions options(int commitEvents, Duration interval, UpkeepOptions upkeep) {
    return new LakeOptions(
        commitEvents, interval, interval, 64 << 20, 64 << 20, 256 << 20, 1, upkeep);
  }

  public static Origin origin(String project, int number) {
    return new Origin(project, "web", NOON + number, NOON + number + 1, new RawPosition(number, 3));
  }

  public static CleanEvent event(String project, int number) {
    return event(project, number, "name " + number % 7, NOON + number, Map.of());
  }

  public static CleanEvent event(
      String project, int number, String name, long timestamp, Map<String, Object> properties) {
    return CleanEvent.builder()
        .set(EventColumn.EVENT, name)
        .set(EventColumn.EVENT_ID, "id-" + number)
        .set(EventColumn.TIMESTAMP, timestamp)
        .set(EventColumn.ACTOR, number % 5 == 0 ? null : "actor " + number % 11)
        .set(EventColumn.VALUE, number % 3 == 0 ? number / 2.0 : null)
        .set(EventColumn.IS_BOT, number % 2 == 0)
        .set(EventColumn.SCREEN_WIDTH, number)
        .set(EventColumn.ASN, (long) number << 33)
        .properties(properties)
        .build(origin(project, number));
  }

  public static BadEvent bad(String project, int number) {
    return new BadEvent(
        origin(project, number),
        "id-" + number,
        null,
        "segment",
        "validate",
        "timestamp_too_old",
        "it is too old",
        ("{\"n\":" + number + "}").getBytes(StandardCharsets.UTF_8));
  }
}
