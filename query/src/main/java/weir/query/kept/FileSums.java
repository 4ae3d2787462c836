package weir.query.kept;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.query.EventView;
import weir.query.QueryException;
import weir.query.RowChunk;

/**
 * The sums of one question, file by file: files never change, so that each is read once. What is in
 * memory, and the files of days that are not wholly within the range, are read each time. Guarded
 * by the project.
 */
final class FileSums {
  private static final int BYTES = 150;
  private static final int MOST_SUMS = 1 << 18;
  private static final long DAY = 86_400_000_000L;
  private static final long MOST_DAYS = Long.MAX_VALUE / DAY;

  private Map<Object, List<Sum>> known = new HashMap<>();

  /** The sums of what a view has in a span. */
  List<Sum> of(EventView view, SumQuestion question, TimeSpan span) throws QueryException {
    Map<Object, List<Sum>> still = new HashMap<>();
    List<EventView.Part> counted = new ArrayList<>();
    Map<EventView.Part, Integer> read = new LinkedHashMap<>();
    for (EventView.Part part : view.parts()) {
      List<Sum> ofPart = known.get(part.source());
      if (ofPart != null) {
        still.put(part.source(), ofPart);
      }
      if (day(part, span).to() > span.from() && mayHaveAny(view, part, question.events())) {
        counted.add(part);
        if (ofPart == null || !isWithin(part, span)) {
          read.put(part, read.size());
        }
      }
    }
    known = still;
    List<List<Sum>> fresh = read(view, question, List.copyOf(read.keySet()));
    Map<Sum.Cell, Sum> all = new LinkedHashMap<>();
    for (EventView.Part part : counted) {
      Integer place = read.get(part);
      List<Sum> ofPart =
          place != null ? fresh.get(place) : known.getOrDefault(part.source(), List.of());
      ofPart.forEach(sum -> all.merge(sum.cell(), sum, Sum::plus));
      if (place != null && isWithin(part, span)) {
        known.put(part.source(), ofPart);
      }
    }
    return List.copyOf(all.values());
  }

  private static TimeSpan day(EventView.Part part, TimeSpan otherwise) {
    return part.day()
        .map(day -> new TimeSpan(micros(day.toEpochDay()), micros(day.toEpochDay() + 1)))
        .orElse(otherwise);
  }

  private static long micros(long day) {
    return Math.clamp(day, -MOST_DAYS, MOST_DAYS) * DAY;
  }

  /** Whether all rows are, and the part stays as it is. */
  private static boolean isWithin(EventView.Part part, TimeSpan span) {
    TimeSpan day = day(part, span);
    return part.day().isPresent() && day.from() >= span.from() && day.to() <= span.to();
  }

  private static boolean mayHaveAny(EventView view, EventView.Part part, List<String> events)
      throws QueryException {
    boolean any = events.isEmpty();
    for (String event : events) {
      any |= view.mayHave(part, event);
    }
    return any;
  }

  private static List<List<Sum>> read(
      EventView view, SumQuestion question, List<EventView.Part> parts) throws QueryException {
    List<List<Sum>> sums = new ArrayList<>();
    parts.forEach(part -> sums.add(new ArrayList<>()));
    if (parts.isEmpty()) {
      return sums;
    }
    List<String> keys = new ArrayList<>();
    keys.add(question.events().isEmpty() ? "CAST(NULL AS VARCHAR)" : "event");
    keys.add(question.breakdown().map(Expression::valueSql).orElse("CAST(NULL AS VARCHAR)"));
    keys.add("CAST(" + question.bucket() + " AS BIGINT)");
    List<String> where = new ArrayList<>();
    if (!question.events().isEmpty()) {
      where.add(EventView.among(question.events()));
    }
    question.condition().ifPresent(condition -> where.add("(" + condition.sql() + ")"));
    if (!question.range().isEmpty()) {
      where.add(question.range());
    }
    Set<String> columns = question.columns();
    int[] taken = new int[1];
    view.addUp(
        parts,
        columns,
        keys,
        question.value().valueSql(),
        String.join(" AND ", where),
        chunk -> {
          taken[0] += chunk.rows();
          if (taken[0] > MOST_SUMS) {
            throw new TooLargeException();
          }
          for (int row = 0; row < chunk.rows(); row++) {
            sums.get((int) chunk.number(0, row)).add(sum(question, chunk, row));
          }
        });
    return sums;
  }

  private static Sum sum(SumQuestion question, RowChunk chunk, int row) {
    long values = chunk.number(5, row);
    return new Sum(
        chunk.isNull(1, row) ? null : chunk.text(1, row),
        breakdown(question, chunk, row),
        chunk.number(3, row),
        chunk.number(4, row),
        values,
        values == 0 ? 0 : chunk.real(6, row),
        values == 0 ? 0 : chunk.real(7, row),
        values == 0 ? 0 : chunk.real(8, row));
  }

  private static @Nullable Object breakdown(SumQuestion question, RowChunk chunk, int row) {
    if (question.breakdown().isEmpty() || chunk.isNull(2, row)) {
      return null;
    }
    return switch (question.breakdown().get().kind()) {
      case REAL -> chunk.real(2, row) + 0.0; // so that -0 is 0
      case FLAG -> chunk.number(2, row) != 0;
      default -> chunk.text(2, row);
    };
  }

  long bytes() {
    return known.values().stream().mapToLong(sums -> 200 + (long) BYTES * sums.size()).sum();
  }
}
