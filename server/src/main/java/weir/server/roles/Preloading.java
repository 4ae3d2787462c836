package weir.server.roles;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.Position;
import weir.lake.LakeTable;
import weir.lake.reading.LakeReader;
import weir.query.Deadline;
import weir.query.QueryEngine;
import weir.query.QueryError;
import weir.query.QueryException;

/**
 * Reads what the first question about a project waits for, on a thread of its own, of the projects
 * whose events were committed last, if they have many: about few it is soon answered, and nothing
 * is to take memory that nobody needs. Whoever asks meanwhile waits for no more than without it.
 */
final class Preloading implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Preloading.class);
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final long MANY = 250_000;

  private final LakeReader lake;
  private final int most;
  private final Reading reading;
  private final Deadline deadline;
  private final Thread thread;

  /** Reads what questions about a project need. */
  interface Reading {
    void prepare(String project, Deadline deadline) throws QueryException;
  }

  private Preloading(LakeReader lake, int most, Reading reading, QueryEngine engine) {
    this.lake = lake;
    this.most = most;
    this.reading = reading;
    this.deadline = new Deadline(System::nanoTime, LONGEST);
    this.thread = engine.thread(this::run, "preloading");
  }

  /**
   * Starts.
   *
   * @param most how many projects
   * @param engine gives the thread
   */
  static Preloading start(LakeReader lake, int most, Reading reading, QueryEngine engine) {
    Preloading started = new Preloading(lake, most, reading, engine);
    started.thread.start();
    return started;
  }

  private void run() {
    try {
      for (String project : newest()) {
        if (deadline.ended().isEmpty()) {
          reading.prepare(project, deadline);
        }
      }
    } catch (IOException | QueryException | RuntimeException e) {
      LOG.debug("the first question reads by itself what could not be read ahead", e);
    }
  }

  private List<String> newest() throws IOException {
    Map<String, Position> positions = new HashMap<>();
    for (String project : lake.projects()) {
      LakeTable events = lake.snapshot(project).events();
      if (events.rows() >= MANY) {
        events.position().known().values().stream()
            .max(Comparator.naturalOrder())
            .ifPresent(newest -> positions.put(project, newest));
      }
    }
    return positions.entrySet().stream()
        .sorted(Map.Entry.<String, Position>comparingByValue(Comparator.reverseOrder()))
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public void close() throws InterruptedException {
    while (thread.isAlive()) {
      deadline.end(QueryError.QUERY_CANCELLED);
      thread.join(Duration.ofMillis(100));
    }
  }
}
