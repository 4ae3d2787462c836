package weir.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.decode.Decoded;
import weir.decode.RawRequest;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.DuplicateEvent;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.Position;
import weir.event.PropertyName;
import weir.event.RawPosition;

/**
 * What the processor should do, done plainly: one request after the other, everything kept, no
 * batches, no files. Knows requests of {@link FakeProtocol} alone.
 */
final class Reference {
  private final long windowMicros;
  private final long sliceMicros;
  private final SchemaLimits limits;
  private final FakeProtocol protocol;
  private final Map<List<String>, Set<Long>> acceptedSlices = new HashMap<>();
  private final Map<String, Map<String, PropertyColumn>> columns = new HashMap<>();
  private final Map<List<Object>, Integer> newColumns = new HashMap<>();
  final List<CleanRecord> records = new ArrayList<>();

  Reference(FakeProtocol protocol, DuplicateOptions duplicates, SchemaLimits limits) {
    this.protocol = protocol;
    this.windowMicros = duplicates.window().toNanos() / 1_000;
    this.sliceMicros = duplicates.slice().toNanos() / 1_000;
    this.limits = limits;
  }

  void process(Position position, RawRequest request) {
    List<Decoded> decoded;
    String failure = null;
    try {
      decoded = protocol.decode(request);
      if (decoded.size() != request.events()) {
        failure = "the decoder made " + decoded.size() + " events of " + request.events();
      }
    } catch (IllegalStateException e) {
      decoded = List.of();
      failure = "the decoder failed: " + e;
    }
    for (int i = 0; i < request.events(); i++) {
      Origin origin =
          new Origin(
              request.project(),
              request.source(),
              request.receivedAt(),
              Rig.micros(Rig.NOW),
              new RawPosition(position.value(), i));
      records.add(
          i < decoded.size()
              ? decide(request, origin, decoded.get(i))
              : missing(request, origin, i == decoded.size(), decoded.size(), failure));
    }
  }

  private static CleanRecord missing(
      RawRequest request, Origin origin, boolean first, int from, @Nullable String failure) {
    return new BadEvent(
        origin,
        null,
        null,
        FakeProtocol.NAME,
        "decode",
        "decoder_failed",
        first ? failure + "" : failure + " (the body is with event " + from + ")",
        first ? request.body() : new byte[0]);
  }

  private CleanRecord decide(RawRequest request, Origin origin, Decoded decoded) {
    return switch (decoded) {
      case Decoded.Bad bad ->
          new BadEvent(
              origin,
              bad.eventId(),
              bad.event(),
              FakeProtocol.NAME,
              bad.stage(),
              bad.reason(),
              bad.message(),
              bad.payload());
      case Decoded.Event event -> decide(request, origin, event);
    };
  }

  private CleanRecord decide(RawRequest request, Origin origin, Decoded.Event event) {
    Long original = (Long) event.columns().get(EventColumn.ORIGINAL_TIMESTAMP);
    OptionalLong time =
        ClockCorrection.timestamp(
            original, event.sentAt(), event.correctClock(), 5_000_000, request.receivedAt());
    String id = String.valueOf(event.columns().get(EventColumn.EVENT_ID));
    if (time.isEmpty()) {
      return new BadEvent(
          origin,
          id,
          "Tested",
          FakeProtocol.NAME,
          "validate",
          "timestamp_out_of_range",
          "",
          RefusedPayload.of(request, event));
    }
    Set<Long> slices =
        acceptedSlices.computeIfAbsent(List.of(request.project(), id), key -> new HashSet<>());
    long horizon = Math.floorDiv(request.receivedAt() - windowMicros, sliceMicros);
    if (slices.stream().anyMatch(slice -> slice >= horizon)) {
      return new DuplicateEvent(origin, id);
    }
    slices.add(Math.floorDiv(request.receivedAt(), sliceMicros));
    CleanEvent.Builder builder = CleanEvent.builder();
    event.columns().forEach(builder::set);
    builder.set(EventColumn.TIMESTAMP, time.getAsLong());
    builder.set(EventColumn.ACTOR, event.columns().get(EventColumn.ANONYMOUS_ID));
    map(builder, request, event.properties());
    return builder.build(origin);
  }

  private void map(CleanEvent.Builder builder, RawRequest request, Map<String, Object> properties) {
    Map<String, PropertyColumn> project = columns.getOrDefault(request.project(), Map.of());
    long unknown =
        properties.entrySet().stream()
            .filter(property -> !(property.getValue() instanceof Decoded.Json))
            .filter(property -> !project.containsKey(property.getKey()))
            .count();
    boolean mayAdd = unknown <= limits.newColumnsPerEvent();
    Map<String, Object> found = new LinkedHashMap<>();
    JsonProperties rest = new JsonProperties();
    boolean any = false;
    for (Map.Entry<String, Object> property : properties.entrySet()) {
      PropertyColumn column =
          mayAdd
              ? column(request, property.getKey(), property.getValue())
              : project.get(property.getKey());
      if (column != null && column.type().javaClass() == property.getValue().getClass()) {
        found.put(column.columnName(), property.getValue());
      } else {
        rest.add(property.getKey(), property.getValue());
        any = true;
      }
    }
    builder.properties(found);
    if (any) {
      builder.set(EventColumn.PROPERTIES, rest.text());
    }
  }

  private @Nullable PropertyColumn column(RawRequest request, String name, Object value) {
    Map<String, PropertyColumn> known =
        columns.computeIfAbsent(request.project(), project -> new LinkedHashMap<>());
    if (known.containsKey(name) || value instanceof Decoded.Json) {
      return known.get(name);
    }
    List<Object> keyHour =
        List.of(
            request.project(),
            request.source(),
            Math.floorDiv(request.receivedAt(), 3_600_000_000L));
    String folded = PropertyName.fold(name);
    if (known.size() >= limits.columnsPerProject()
        || newColumns.getOrDefault(keyHour, 0) >= limits.newColumnsPerKeyAndHour()
        || folded.isEmpty()) {
      return null;
    }
    String columnName = "p_" + folded;
    for (int n = 2; taken(known, columnName); n++) {
      columnName = "p_" + folded + "_" + n;
    }
    newColumns.merge(keyHour, 1, Integer::sum);
    PropertyColumn column =
        new PropertyColumn(
            columnName,
            value instanceof Boolean
                ? weir.event.ColumnType.BOOLEAN
                : value instanceof Double
                    ? weir.event.ColumnType.DOUBLE
                    : weir.event.ColumnType.STRING,
            name);
    known.put(name, column);
    return column;
  }

  private static boolean taken(Map<String, PropertyColumn> known, String columnName) {
    return known.values().stream().anyMatch(column -> column.columnName().equals(columnName));
  }

  List<PropertyColumn> columns(String project) {
    return List.copyOf(columns.getOrDefault(project, Map.of()).values());
  }

  /** Everything that a record says, but for the wording of what the processor refuses itself. */
  static String text(CleanRecord record) {
    if (record instanceof BadEvent bad) {
      return bad.origin()
          + " bad "
          + Arrays.asList(bad.eventId(), bad.event(), bad.protocol(), bad.stage(), bad.reason())
          + (bad.stage().equals("validate") ? "" : bad.message())
          + Arrays.toString(bad.payload());
    }
    return record.toString();
  }
}
