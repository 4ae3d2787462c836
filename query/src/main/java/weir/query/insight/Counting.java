package weir.query.insight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import weir.query.QueryException;
import weir.query.kept.KeptEvents;
import weir.query.kept.StreamSpec;
import weir.query.kept.TimeSpan;
import weir.query.kept.Totals;

/** A question being answered from events that are kept in memory. */
final class Counting {
  private final KeptEvents.Reading reading;
  private final Asking asking;

  Counting(KeptEvents.Reading reading, Asking asking) {
    this.reading = reading;
    this.asking = asking;
  }

  /** A question that can be answered so, or some of whose kind can. */
  interface Countable extends Question {
    /** Whether it is one that can. */
    boolean isCountable();

    /** Whether that takes less time than a statement even where nothing is kept yet. */
    boolean isFasterCounted();

    /**
     * Answers it.
     *
     * @throws NotCountableException if its properties do not allow it
     */
    ObjectNode count(Counting counting) throws QueryException;
  }

  /** Says that a question must be answered by a statement. */
  static final class NotCountableException extends RuntimeException {
    NotCountableException(String reason) {
      super(reason, null, false, false);
    }
  }

  Asking asking() {
    return asking;
  }

  /** The streams of the events that match something, one for each name. */
  List<StreamSpec> streams(EventMatch match, List<Filter> filters) throws QueryException {
    List<Filter> all = new ArrayList<>(filters);
    all.addAll(match.filters());
    return streams(match.names(), all, Optional.empty());
  }

  /**
   * The streams of the events of some names, or of any.
   *
   * @param valued a property that each event comes with
   */
  List<StreamSpec> streams(List<String> names, List<Filter> filters, Optional<String> valued)
      throws QueryException {
    Properties properties = asking.propertiesAnew();
    List<String> conditions = Filter.conditions(filters, properties);
    String condition = conditions.isEmpty() ? "" : Sql.all(conditions);
    String value = "";
    StreamSpec.Kind kind = StreamSpec.Kind.NONE;
    if (valued.isPresent()) {
      Properties.Expression expression = properties.named(valued.get());
      kind = kind(expression.kind());
      value =
          kind == StreamSpec.Kind.REAL
              ? "CAST(" + expression.sql() + " AS DOUBLE)"
              : expression.sql();
    }
    List<StreamSpec> streams = new ArrayList<>();
    for (Optional<String> name : names(names)) {
      streams.add(spec(name, condition, value, kind, properties));
    }
    return streams;
  }

  /** The stream of the events that fulfil a condition, each with a number below 2^31. */
  StreamSpec masked(String condition, String mask, Properties properties) throws QueryException {
    return spec(Optional.empty(), condition, mask, StreamSpec.Kind.MASK, properties);
  }

  private static List<Optional<String>> names(List<String> names) {
    return names.isEmpty()
        ? List.of(Optional.empty())
        : names.stream().distinct().map(Optional::of).toList();
  }

  private StreamSpec spec(
      Optional<String> name,
      String condition,
      String value,
      StreamSpec.Kind kind,
      Properties properties)
      throws QueryException {
    Set<String> columns = new TreeSet<>(properties.used());
    if (columns.contains(Properties.PERSON)) {
      throw new NotCountableException("persons change with merges");
    }
    if (condition.contains("event") || value.contains("event")) {
      columns.add("event");
    }
    StringBuilder ids = new StringBuilder();
    for (String column : columns) {
      ids.append(reading.view().column(column).map(Object::toString).orElse("")).append(' ');
    }
    return new StreamSpec(name, condition, value, kind, columns, ids.toString(), Optional.empty());
  }

  private static StreamSpec.Kind kind(Properties.Kind kind) {
    return switch (kind) {
      case TEXT -> StreamSpec.Kind.TEXT;
      case NUMBER -> StreamSpec.Kind.REAL;
      case BOOLEAN -> StreamSpec.Kind.FLAG;
      case TIME -> throw new NotCountableException("times as values");
    };
  }

  static TimeSpan span(Optional<Instant> from, Optional<Instant> to) {
    return new TimeSpan(
        from.map(Counting::micros).orElse(Long.MIN_VALUE),
        to.map(Counting::micros).orElse(Long.MAX_VALUE));
  }

  static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at.truncatedTo(ChronoUnit.MICROS));
  }

  /**
   * The first day of the month that a span begins in, so that what is kept for a moving span is
   * read anew but once a month; empty where there are no earlier days.
   */
  private Optional<LocalDate> since(TimeSpan span) {
    if (span.from() == Long.MIN_VALUE) {
      return Optional.empty();
    }
    Instant from = Instant.EPOCH.plus(span.from(), ChronoUnit.MICROS);
    LocalDate month = LocalDate.ofInstant(from, ZoneOffset.UTC).withDayOfMonth(1);
    return reading.view().parts().stream()
            .flatMap(part -> part.day().stream())
            .anyMatch(day -> day.isBefore(month))
        ? Optional.of(month)
        : Optional.empty();
  }

  <T extends Totals<T>> ObjectNode count(
      Object question,
      List<StreamSpec> streams,
      TimeSpan span,
      Supplier<T> newTotals,
      KeptEvents.Answer<T, ObjectNode> answer)
      throws QueryException {
    Set<String> columns = new TreeSet<>(Set.of("event", "actor", "timestamp"));
    streams.forEach(stream -> columns.addAll(stream.columns()));
    asking.read(reading.view().stats(columns));
    Optional<LocalDate> since = since(span);
    List<StreamSpec> needed = streams.stream().map(stream -> stream.since(since)).toList();
    return reading.count(List.of(question, needed), needed, span, newTotals, answer);
  }
}
