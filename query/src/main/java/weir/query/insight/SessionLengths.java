package weir.query.insight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import weir.query.kept.PersonEvents;
import weir.query.kept.Totals;

/** Counts sessions and how long they took. */
final class SessionLengths implements Totals<SessionLengths> {
  private static final double MICROS = 1e6;

  private final long timeout;
  private final Waits lengths = new Waits();
  private long sessions;
  private long persons;
  private long single;
  private long sum;

  SessionLengths(Duration timeout) {
    this.timeout = timeout.toNanos() / 1_000;
  }

  @Override
  public void add(PersonEvents person, int sign) {
    if (person.person() < 0) {
      return;
    }
    persons += sign;
    for (int from = 0, to; from < person.size(); from = to) {
      to = person.sessionEnd(from, timeout);
      long length = person.times()[to - 1] - person.times()[from];
      if (sign > 0) {
        lengths.add(length);
      } else {
        lengths.remove(length);
      }
      sessions += sign;
      sum += sign * length;
      single += to - from == 1 ? sign : 0;
    }
  }

  @Override
  public void join(SessionLengths other) {
    lengths.join(other.lengths);
    sessions += other.sessions;
    persons += other.persons;
    single += other.single;
    sum += other.sum;
  }

  @Override
  public long bytes() {
    return lengths.bytes();
  }

  void write(ObjectNode answer) {
    answer.put("sessions", sessions);
    answer.put("persons", persons);
    answer.set("mean_seconds", Asking.json(sessions == 0 ? 0 : sum / MICROS / sessions));
    answer.set("median_seconds", Asking.json(lengths.median() / MICROS));
    answer.set("max_seconds", Asking.json(lengths.longest() / MICROS));
    answer.set("bounce_rate", Asking.json(sessions == 0 ? 0 : (double) single / sessions));
  }
}
