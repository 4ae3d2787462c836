package weir.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Measured figures beside what is asked of them. */
final class Figures {
  private final List<Figure> figures = new ArrayList<>();

  private enum Ask {
    NOTHING,
    AT_LEAST,
    AT_MOST
  }

  private record Figure(String name, double value, Ask ask, double asked) {
    /** Not a number holds nothing. */
    boolean held() {
      return switch (ask) {
        case NOTHING -> true;
        case AT_LEAST -> value >= asked;
        case AT_MOST -> value <= asked;
      };
    }

    String wanted() {
      return switch (ask) {
        case NOTHING -> "";
        case AT_LEAST -> "at least " + plain(asked);
        case AT_MOST -> "at most " + plain(asked);
      };
    }
  }

  void note(String name, double value) {
    figures.add(new Figure(name, value, Ask.NOTHING, 0));
  }

  void atLeast(String name, double value, double asked) {
    figures.add(new Figure(name, value, Ask.AT_LEAST, asked));
  }

  void atMost(String name, double value, double asked) {
    figures.add(new Figure(name, value, Ask.AT_MOST, asked));
  }

  void addAll(Figures others) {
    figures.addAll(others.figures);
  }

  /** Prints them all, and returns whether each is what is asked. */
  boolean print(PrintStream out) {
    Table table = new Table("figure", "measured", "asked", "held");
    for (Figure figure : figures) {
      String held = figure.ask() == Ask.NOTHING ? "" : figure.held() ? "yes" : "NO";
      table.row(figure.name(), plain(figure.value()), figure.wanted(), held);
    }
    out.println();
    table.print(out);
    return figures.stream().allMatch(Figure::held);
  }

  private static String plain(double value) {
    return Math.abs(value) >= 100 ? "%,.0f".formatted(value) : "%.2f".formatted(value);
  }
}
