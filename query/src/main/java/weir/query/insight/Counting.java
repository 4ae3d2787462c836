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
import java.util.function.Supplier;
import weir.event.EpochMicros;
import weir.query.QueryException;
import weir.query.kept.Expression;
import weir.query.kept.KeptEvents;
import weir.query.kept.Role;
import weir.query.kept.Selection;
import weir.query.kept.Sum;
import weir.query.kept.SumQuestion;
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

    /** Whether that is worth it even for a question that is not asked again. */
    default boolean isFasterCounted() {
      return true;
    }

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

  /** What events that match something are to a question; they come with its value. */
  Role role(EventMatch match, List<Filter> filters, int mask) throws QueryException {
    List<Filter> all = new ArrayList<>(filters);
    all.addAll(match.filters());
    return new Role(match.names(), condition(all), mask, true);
  }

  /** What all other events are to a question that pass filters. */
  Role anyOther(List<Filter> filters, int mask) throws QueryException {
    return new Role(List.of(), condition(filters), mask, false);
  }

  /** The condition of filters; empty where there are none. */
  Optional<Expression> condition(List<Filter> filters) throws QueryException {
    Properties properties = asking.propertiesAnew();
    List<String> conditions = Filter.conditions(filters, properties);
    return conditions.isEmpty()
        ? Optional.empty()
        : Optional.of(expression(Sql.all(conditions), Expression.Kind.CONDITION, properties));
  }

  /** A property, if any, as the value that events come with. */
  Optional<Expression> value(Optional<String> property) throws QueryException {
    if (property.isEmpty()) {
      return Optional.empty();
    }
    Properties properties = asking.propertiesAnew();
    Properties.Expression named = properties.named(property.get());
    return Optional.of(expression(named.sql(), kind(named.kind()), properties));
  }

  /** What properties are together, if there are any, as the key that events come with. */
  Optional<Expression> key(List<String> match) throws QueryException {
    if (match.isEmpty()) {
      return Optional.empty();
    }
    Properties properties = asking.propertiesAnew();
    Properties.Expression together = properties.together(match);
    return Optional.of(expression(together.sql(), kind(together.kind()), properties));
  }

  /** A property as a number. */
  Expression number(String property) throws QueryException {
    Properties properties = asking.propertiesAnew();
    return expression(properties.number(property), Expression.Kind.REAL, properties);
  }

  List<Sum> sums(SumQuestion question, TimeSpan span) throws QueryException {
    asking.read(reading.view().stats(question.columns()));
    return reading.sums(question, span);
  }

  private Expression expression(String sql, Expression.Kind kind, Properties properties) {
    Set<String> columns = properties.used();
    if (columns.contains(Properties.PERSON)) {
      throw new NotCountableException("persons change with merges");
    }
    StringBuilder ids = new StringBuilder();
    for (String column : columns) {
      ids.append(reading.view().column(column).map(Object::toString).orElse("")).append(' ');
    }
    return new Expression(sql, kind, columns, ids.toString());
  }

  private static Expression.Kind kind(Properties.Kind kind) {
    return switch (kind) {
      case TEXT -> Expression.Kind.TEXT;
      case NUMBER -> Expression.Kind.REAL;
      case BOOLEAN -> Expression.Kind.FLAG;
      case TIME -> throw new NotCountableException("times as values");
    };
  }

  /** The name of an event by its number. */
  String event(int number) {
    return reading.event(number);
  }

  static TimeSpan span(Optional<Instant> from, Optional<Instant> to) {
    return new TimeSpan(
        from.map(Counting::micros).orElse(Long.MIN_VALUE),
        to.map(Counting::micros).orElse(Long.MAX_VALUE));
  }

  static long micros(Instant at) {
    return EpochMicros.of(at.truncatedTo(ChronoUnit.MICROS));
  }

  /** The first day that has events of a span. */
  private static LocalDate since(TimeSpan span) {
    return span.from() == Long.MIN_VALUE
        ? LocalDate.MIN
        : LocalDate.ofInstant(EpochMicros.instant(span.from()), ZoneOffset.UTC);
  }

  <T extends Totals<T>> ObjectNode count(
      Object question,
      Selection selection,
      TimeSpan span,
      Supplier<T> newTotals,
      KeptEvents.Answer<T, ObjectNode> answer)
      throws QueryException {
    asking.read(reading.view().stats(selection.columns()));
    return reading.count(question, selection, since(span), span, newTotals, answer);
  }
}
