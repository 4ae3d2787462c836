package weir.event;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Random records from a seed, and one of fixed values for golden bytes. */
final class CleanRecords {
  private CleanRecords() {}

  static CleanRecord random(Random random) {
    Origin origin =
        new Origin(
            text(random), text(random), random.nextLong(), random.nextLong(), rawPosition(random));
    return switch (random.nextInt(5)) {
      case 0 ->
          new BadEvent(
              origin,
              optional(random),
              optional(random),
              text(random),
              text(random),
              text(random),
              text(random),
              bytes(random));
      case 1 -> new DuplicateEvent(origin, text(random));
      case 2 -> new DroppedEvent(origin, optional(random), text(random));
      case 3 -> event(random).derived().build(origin);
      default -> event(random).build(origin);
    };
  }

  private static RawPosition rawPosition(Random random) {
    Position position =
        random.nextInt(4) == 0
            ? Position.of(new BigInteger(Position.BYTES * Byte.SIZE, random))
            : new Position(random.nextLong() >>> 1);
    return new RawPosition(random.nextInt(1_000), position, random.nextInt() >>> 1);
  }

  private static CleanEvent.Builder event(Random random) {
    CleanEvent.Builder event = CleanEvent.builder();
    for (EventColumn column : EventColumn.values()) {
      if (CleanRecordCodec.encodedColumnNames().contains(column.columnName())
          && random.nextInt(3) > 0) {
        event.set(column, value(random, column.type()));
      }
    }
    event
        .set(EventColumn.EVENT, text(random))
        .set(EventColumn.EVENT_ID, text(random))
        .set(EventColumn.TIMESTAMP, random.nextLong());
    Map<String, Object> properties = new LinkedHashMap<>();
    for (int n = random.nextInt(20); n > 0; n--) {
      properties.put(
          "p_" + text(random),
          switch (random.nextInt(3)) {
            case 0 -> (Object) random.nextBoolean();
            case 1 -> random.nextGaussian() * 1e9;
            default -> text(random);
          });
    }
    return event.properties(properties);
  }

  private static Object value(Random random, ColumnType type) {
    return switch (type) {
      case BOOLEAN -> (Object) random.nextBoolean();
      case INTEGER -> random.nextInt();
      case LONG, TIMESTAMP -> random.nextLong();
      case DOUBLE -> random.nextDouble();
      case STRING -> text(random);
    };
  }

  private static String text(Random random) {
    List<String> alphabet = List.of("a", "Z", "0", " ", "\"", "\n", "é", "語", "😀", "\u0000");
    int length = random.nextInt(20) == 0 ? 10_000 : random.nextInt(12);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      parts.add(alphabet.get(random.nextInt(alphabet.size())));
    }
    return String.join("", parts);
  }

  private static @Nullable String optional(Random random) {
    return random.nextBoolean() ? text(random) : null;
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return bytes;
  }
}
