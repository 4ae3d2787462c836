package weir.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Dashboards: what each of them asks, again and again. */
final class Boards {
  private static final List<String> SQL =
      List.of(
          "select event, count(*) as n from events group by event order by n desc",
          "select date_trunc('minute', timestamp) as minute, count(*) from events"
              + " where timestamp > now() - interval 1 hour group by minute order by minute",
          "select count(distinct actor) from product_viewed",
          "select country, count(*) from events where event = 'Order Completed' group by country",
          "select count(*), avg(value) from events where event = 'Product Added'");

  /** An insight, and the fields of its request; names of events come in. */
  private static final List<String[]> INSIGHTS =
      List.of(
          words("trend", "'events': ['%1$s'], 'measure': 'total', 'interval': 'day'"),
          words("trend", "'events': ['%1$s'], 'measure': 'persons', 'breakdown': 'country'"),
          words("trend", "'events': ['%2$s'], 'measure': 'avg', 'of': 'price', 'from': '-30d'"),
          words("trend", "'events': ['%3$s'], 'measure': 'persons', 'interval': 'week'"),
          words("trend", "'events': ['%1$s', '%2$s'], 'interval': 'hour', 'from': '-2d'"),
          words("funnel", "'steps': [{'event': '%1$s'}, {'event': '%2$s'}, {'event': '%3$s'}]"),
          words(
              "funnel",
              "'steps': [{'event': '%2$s'}, {'event': '%1$s'}], 'from': '-14d', 'window': '1d'"),
          words("funnel", "'steps': [{'event': '%3$s'}, {'event': '%2$s'}], 'window': '1h'"),
          words("retention", "'start': {'event': '%1$s'}, 'period': 'week', 'periods': 8"),
          words(
              "retention",
              "'start': {'event': '%2$s'}, 'return': {'event': '%1$s'}, 'from': '-14d'"),
          words("path", "'start': '%2$s', 'steps': 4, 'from': '-3d'"),
          words("sessions", "'from': '-3d'"));

  private Boards() {}

  /** One question of a dashboard. */
  interface Question {
    void ask(WeirProcess weir) throws IOException, InterruptedException;
  }

  private static String[] words(String... words) {
    return words;
  }

  /** Dashboards that all ask the same five statements. */
  static List<List<Question>> sql(int dashboards) {
    List<Question> board =
        SQL.stream().<Question>map(statement -> weir -> weir.column(statement)).toList();
    return Stream.generate(() -> board).limit(dashboards).toList();
  }

  /** Dashboards of twelve insights each, no two of which are the same, over {@link VisitEvents}. */
  static List<List<Question>> insights(int dashboards) {
    List<List<Question>> boards = new ArrayList<>();
    for (int board = 0; board < dashboards; board++) {
      List<Question> questions = new ArrayList<>();
      for (String[] insight : INSIGHTS) {
        String body = body(insight, board);
        questions.add(weir -> weir.insight(insight[0], body));
      }
      boards.add(List.copyOf(questions));
    }
    return boards;
  }

  /** Of the names in turn, every other dashboard for one plan alone. */
  private static String body(String[] insight, int board) {
    int names = VisitEvents.NAMES.size() - 1;
    String fields =
        insight[1].formatted(
            VisitEvents.NAMES.get(board % names),
            VisitEvents.NAMES.get((board + 5) % names),
            VisitEvents.NAMES.get((board + 9) % names));
    String filter =
        ", 'filters': [{'property': 'plan', 'op': '=', 'value': '%s'}]"
            .formatted(board % 4 == 1 ? "team" : "free");
    boolean filtered = board % 2 == 1 && !insight[0].equals("sessions");
    return String.format(Locale.ROOT, "{%s%s}", fields, filtered ? filter : "").replace('\'', '"');
  }
}
