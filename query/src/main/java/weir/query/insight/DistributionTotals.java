package weir.query.insight;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import weir.query.kept.KeptEvents;
import weir.query.kept.PersonEvents;
import weir.query.kept.TooLargeException;
import weir.query.kept.Totals;

/** Counts the numbers that events, persons or sessions have, in the whole and in its parts. */
final class DistributionTotals implements Totals<DistributionTotals> {
  /** The mask of the events that are counted. */
  static final int COUNTED = 1;

  /** The mask of those that sessions are made of. */
  static final int IN_SESSION = 2;

  private static final int MOST_NUMBERS = 1 << 20;

  private final Distribution question;
  private final boolean hasNumber;
  private final boolean hasParts;
  private final ValueCounts whole = new ValueCounts();
  private final Map<Integer, ValueCounts> parts = new HashMap<>();
  private KeptEvents.Values values = KeptEvents.Values.NONE;
  private int numbers;
  private int[] own = new int[64];
  private long[] byPart = new long[64];

  DistributionTotals(Distribution question) {
    this.question = question;
    this.hasNumber = question.of().isPresent();
    this.hasParts = question.breakdown().isPresent();
  }

  @Override
  public void begin(KeptEvents.Values newValues) {
    values = newValues;
  }

  @Override
  public boolean isOrdered() {
    return question.per() == Distribution.Per.SESSION
        || question.aggregate() == Distribution.Aggregate.LAST;
  }

  @Override
  public void add(PersonEvents events, int sign) {
    switch (question.per()) {
      case EVENT -> each(events, sign);
      case PERSON -> {
        if (events.person() >= 0) {
          unit(events, 0, events.size(), sign);
        }
      }
      case SESSION -> {
        for (int from = 0, to; events.person() >= 0 && from < events.size(); from = to) {
          to = events.sessionEnd(from, SessionTotals.USUAL_MICROS);
          unit(events, from, to, sign);
        }
      }
    }
  }

  private void each(PersonEvents events, int sign) {
    for (int i = 0; i < events.size(); i++) {
      double number = number(events, i);
      add(whole, number, sign);
      if (hasParts) {
        add(part(events.keys()[i]), number, sign);
      }
    }
  }

  /** The events of one person or session. */
  private void unit(PersonEvents events, int from, int to, int sign) {
    if (own.length < to - from) {
      own = new int[2 * (to - from)];
      byPart = new long[own.length];
    }
    int size = 0;
    for (int i = from; i < to; i++) {
      if ((events.masks()[i] & COUNTED) != 0) {
        own[size++] = i;
      }
    }
    if (size == 0) {
      return;
    }
    add(whole, aggregated(events, 0, size), sign);
    if (hasParts) {
      addToParts(events, size, sign);
    }
  }

  private void addToParts(PersonEvents events, int size, int sign) {
    for (int i = 0; i < size; i++) {
      byPart[i] = (long) events.keys()[own[i]] << Integer.SIZE | own[i];
    }
    Arrays.sort(byPart, 0, size);
    for (int i = 0; i < size; i++) {
      own[i] = (int) byPart[i];
    }
    for (int first = 0, end; first < size; first = end) {
      int part = events.keys()[own[first]];
      end = first + 1;
      while (end < size && events.keys()[own[end]] == part) {
        end++;
      }
      add(part(part), aggregated(events, first, end), sign);
    }
  }

  /** What some of the events found have together; not a number where none has one. */
  private double aggregated(PersonEvents events, int first, int end) {
    if (!hasNumber) {
      return end - first;
    }
    if (question.aggregate() == Distribution.Aggregate.SUM) {
      return sum(events, first, end);
    }
    int valued = 0;
    double result = Double.NaN;
    long last = Long.MIN_VALUE;
    for (int i = first; i < end; i++) {
      double number = number(events, own[i]);
      if (!Double.isNaN(number)) {
        long at = events.times()[own[i]];
        result = valued == 0 ? number : together(result, number, at == last);
        last = at;
        valued++;
      }
    }
    return question.aggregate() == Distribution.Aggregate.COUNT && valued > 0 ? valued : result;
  }

  /** In the order of the numbers: what is taken back must be the very same sum. */
  private double sum(PersonEvents events, int first, int end) {
    double[] found = new double[end - first];
    int size = 0;
    for (int i = first; i < end; i++) {
      double number = number(events, own[i]);
      if (!Double.isNaN(number)) {
        found[size++] = number;
      }
    }
    Arrays.sort(found, 0, size);
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += found[i];
    }
    return size == 0 ? Double.NaN : sum;
  }

  private double together(double before, double number, boolean isSameMoment) {
    return switch (question.aggregate()) {
      case MAX -> Math.max(before, number);
      case SUM, COUNT -> before;
      case LAST -> isSameMoment ? Math.max(before, number) : number;
    };
  }

  private double number(PersonEvents events, int event) {
    return values.value(events.values()[event]) instanceof Double number ? number : Double.NaN;
  }

  private ValueCounts part(int number) {
    ValueCounts part = parts.get(number);
    if (part == null) {
      part = new ValueCounts();
      parts.put(number, part);
      count(1);
    }
    return part;
  }

  private void add(ValueCounts counts, double number, int sign) {
    int before = counts.size();
    counts.add(number, sign);
    count(counts.size() - before);
  }

  private void count(int more) {
    numbers += more;
    if (numbers > MOST_NUMBERS) {
      throw new TooLargeException();
    }
  }

  @Override
  public void join(DistributionTotals other) {
    whole.join(other.whole);
    other.parts.forEach((number, counts) -> part(number).join(counts));
    numbers = whole.size() + parts.values().stream().mapToInt(each -> each.size() + 1).sum();
    count(0);
  }

  @Override
  public long bytes() {
    return whole.bytes() + parts.values().stream().mapToLong(each -> each.bytes() + 100).sum();
  }

  ValueCounts whole() {
    return whole;
  }

  Map<Integer, ValueCounts> parts() {
    return parts;
  }
}
