package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Kills the roles of a real Weir under load, again and again, while the lake's upkeep never rests
 * and one backup follows the other, and looks for what was lost: of the tables, and of the last
 * backup.
 */
final class Crash {
  private static final List<String> TARGETS =
      List.of(
          "collect", "engine", "engine", "query", WeirProcess.STATEMENTS, "all", "all", "backup");
  private static final int KILLS_BETWEEN_CHECKS = 50;
  private static final Duration TO_SETTLE = Duration.ofSeconds(120);
  private static final EventLoad.Shape SHAPE =
      new EventLoad.Shape(4, Duration.ofMillis(15), 30, true);

  private final long seed;
  private final int count;
  private final Path data;
  private final InstantSource clock;
  private final PrintStream out;
  private final SplittableRandom random;
  private final IdBook book = new IdBook();
  private final Map<String, Integer> kills = new TreeMap<>();
  private int backupsChecked;

  Crash(long seed, int count, Path data, InstantSource clock, PrintStream out) {
    this.seed = seed;
    this.count = count;
    this.data = data;
    this.clock = clock;
    this.out = out;
    this.random = new SplittableRandom(seed);
  }

  /** Returns what is wrong, in words; empty if nothing is. */
  List<String> run() throws IOException, InterruptedException, TimeoutException {
    Files.createDirectories(data);
    List<String> violations = new ArrayList<>();
    Map<String, String> settings = new HashMap<>(WeirProcess.RESTLESS_UPKEEP);
    settings.put("server.takeover_wait", "60s"); // while a backup holds the lock of a role
    try (WeirProcess weir = WeirProcess.start(data, settings)) {
      for (int done = 0; done < count && violations.isEmpty(); ) {
        int next = Math.min(count - done, KILLS_BETWEEN_CHECKS);
        BackupLoop backups = killUnderLoad(weir, done, next);
        done += next;
        violations.addAll(check(weir, done));
        violations.addAll(check(backups));
      }
    }
    return violations;
  }

  private BackupLoop killUnderLoad(WeirProcess weir, int done, int next)
      throws IOException, InterruptedException, TimeoutException {
    try (EventLoad load =
            new EventLoad(weir, seed + done, clock.instant(), SHAPE, book, ids -> {});
        BackupLoop backups = new BackupLoop(data, data.resolveSibling("backups"), book)) {
      for (int i = 0; i < next; i++) {
        LockSupport.parkNanos(Duration.ofMillis(100 + random.nextInt(1200)).toNanos());
        String target = TARGETS.get(random.nextInt(TARGETS.size()));
        kill(weir, backups, target);
        kills.merge(target, 1, Integer::sum);
        out.printf(
            "%4d  killed %-8s %,10d ids answered%n", done + i + 1, target, book.acknowledgedIds());
      }
      return backups;
    }
  }

  /** Kills a role once it runs; some of the time while it is only just starting. */
  private void kill(WeirProcess weir, BackupLoop backups, String target)
      throws IOException, InterruptedException, TimeoutException {
    switch (target) {
      case "all" -> {
        weir.killAll();
        restart(weir);
      }
      case "collect" -> {
        weir.kill(target);
        weir.awaitEnd();
        restart(weir);
      }
      case "backup" -> backups.kill();
      case WeirProcess.STATEMENTS -> {
        weir.await("an answer", Duration.ofSeconds(60), () -> asks(weir));
        weir.kill(target);
      }
      default -> {
        weir.await(target, Duration.ofSeconds(60), () -> weir.pid(target).isPresent());
        weir.kill(target);
      }
    }
  }

  /** Whether a statement is answered, in the process that it starts if there is none. */
  private static boolean asks(WeirProcess weir) throws InterruptedException {
    try {
      return !weir.column("select count(*) from events").isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /** Sometimes the next kill comes while the roles are only starting. */
  private void restart(WeirProcess weir)
      throws IOException, InterruptedException, TimeoutException {
    if (random.nextBoolean()) {
      weir.restart();
    } else {
      weir.restart(String.join(",", WeirProcess.ROLES));
      weir.awaitReady(weir.port());
    }
  }

  private List<String> check(WeirProcess weir, int done)
      throws IOException, InterruptedException, TimeoutException {
    weir.awaitReady();
    Expectation expectation = book.expectation();
    Expectation.Found found = weir.settle(TO_SETTLE);
    List<String> violations = expectation.violations(found);
    out.printf(
        "after %d kills %s: %,d ids answered 200, %,d rows in events, %,d in bad_events,"
            + " %,d files in the lake, %s%n",
        done,
        kills,
        expectation.acknowledged().size(),
        found.events().size(),
        found.badEvents().size(),
        Trees.content(data.resolve("lake")).files(),
        found.ledger());
    return violations;
  }

  private List<String> check(BackupLoop backups)
      throws IOException, InterruptedException, TimeoutException {
    List<String> violations = backups.check(new ProcessRecovery());
    if (violations.isEmpty() && backups.whole() > 0) {
      backupsChecked++;
    }
    out.printf(
        "%d backups meanwhile, %d killed; the last was restored: %s%n",
        backups.whole(), backups.killed(), violations.isEmpty() ? "nothing lost" : "FAILED");
    return violations;
  }

  /** How many backups were restored and held all that they must. */
  int backupsChecked() {
    return backupsChecked;
  }
}
