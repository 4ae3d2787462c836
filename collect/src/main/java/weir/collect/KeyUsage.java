package weir.collect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.log.files.Files;
import weir.log.files.Publication;

/**
 * How many events came in this calendar month (UTC) with each write key that has a quota. Exact
 * while the process runs; kept in a file every few seconds and when closed, so that a crash forgets
 * a few seconds' events. A clock that is set back into the month before begins none anew. Safe for
 * use by several threads.
 *
 * <pre>{"month":"2026-02","events":{"wk_...":1234}}</pre>
 */
public final class KeyUsage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyUsage.class);
  private static final long KEEP_MILLIS = 5_000;
  private static final JsonFactory JSON = new JsonFactory();

  private final InstantSource clock;
  private final @Nullable Path file;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong changes = new AtomicLong();
  private volatile Month month;
  private @Nullable Thread keeper;
  private long kept;
  private String complaint = "";

  private record Month(YearMonth is, Instant end, Map<String, AtomicLong> events) {
    static Month of(YearMonth is, Map<String, AtomicLong> events) {
      Instant end = is.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
      return new Month(is, end, new ConcurrentHashMap<>(events));
    }
  }

  private KeyUsage(InstantSource clock, @Nullable Path file, Month month) {
    this.clock = clock;
    this.file = file;
    this.month = month;
  }

  /** One that knows nothing from before and keeps nothing. */
  public static KeyUsage inMemory(InstantSource clock) {
    return new KeyUsage(clock, null, Month.of(monthOf(clock.instant()), Map.of()));
  }

  /**
   * What a file tells of this month, and keeps it there from now on. A file that cannot be read is
   * told of, and counts as none.
   */
  public static KeyUsage open(Path file, InstantSource clock) {
    Month now = Month.of(monthOf(clock.instant()), Map.of());
    Month known = read(file, now);
    KeyUsage usage = new KeyUsage(clock, file, known.is().isBefore(now.is()) ? now : known);
    Thread keeper = Thread.ofPlatform().name("key-usage").daemon().unstarted(usage::keepOn);
    usage.keeper = keeper;
    keeper.start();
    return usage;
  }

  /**
   * What a file tells of this month, by write key, a few seconds late; nothing where it tells
   * nothing.
   */
  public static Map<String, Long> kept(Path file, InstantSource clock) {
    Month now = Month.of(monthOf(clock.instant()), Map.of());
    Month known = read(file, now);
    Map<String, Long> events = new HashMap<>();
    if (!known.is().isBefore(now.is())) {
      known.events().forEach((key, count) -> events.put(key, count.get()));
    }
    return events;
  }

  private static YearMonth monthOf(Instant time) {
    return YearMonth.from(time.atOffset(ZoneOffset.UTC));
  }

  /** Counts events of a key, unless more than the quota would have come with them. */
  boolean take(String key, int events, long quota) {
    AtomicLong count = count(key);
    for (long before = count.get(); events <= quota - before; before = count.get()) {
      if (count.compareAndSet(before, before + events)) {
        changes.incrementAndGet();
        return true;
      }
    }
    return false;
  }

  /** Events that were counted and did not come after all. */
  void giveBack(String key, int events) {
    count(key).updateAndGet(before -> Math.max(0, before - events));
    changes.incrementAndGet();
  }

  /** How many events have come with a key. */
  long events(String key) {
    AtomicLong count = current().events().get(key);
    return count == null ? 0 : count.get();
  }

  /** How long it is until the next month begins, at least 1. */
  long secondsLeft() {
    return Math.max(1, current().end().getEpochSecond() - clock.instant().getEpochSecond());
  }

  private AtomicLong count(String key) {
    return current().events().computeIfAbsent(key, ignored -> new AtomicLong());
  }

  private Month current() {
    Month known = month;
    Instant now = clock.instant();
    return now.isBefore(known.end()) ? known : next(now);
  }

  private synchronized Month next(Instant now) {
    if (!now.isBefore(month.end())) {
      month = Month.of(monthOf(now), Map.of());
      changes.incrementAndGet();
    }
    return month;
  }

  private void keepOn() {
    try {
      while (!closed.await(KEEP_MILLIS, TimeUnit.MILLISECONDS)) {
        keep();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Keeps what has changed. */
  synchronized void keep() {
    long now = changes.get();
    if (file == null || now == kept) {
      return;
    }
    try {
      Publication.publish(Files.system(), file, render(month));
      kept = now;
      complaint = "";
    } catch (IOException e) {
      if (!e.toString().equals(complaint)) {
        complaint = e.toString();
        LOG.warn("what counts towards monthly quotas cannot be kept in {} yet", file, e);
      }
    }
  }

  private static byte[] render(Month month) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("month", month.is().toString());
      json.writeObjectFieldStart("events");
      for (Map.Entry<String, AtomicLong> key : month.events().entrySet()) {
        json.writeNumberField(key.getKey(), key.getValue().get());
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static Month read(Path file, Month otherwise) {
    try {
      return parse(java.nio.file.Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return otherwise;
    } catch (IOException | DateTimeException e) {
      LOG.error("{} cannot be read; monthly quotas count from 0 again", file, e);
      return otherwise;
    }
  }

  private static Month parse(byte[] bytes) throws IOException {
    String month = "";
    Map<String, AtomicLong> events = new HashMap<>();
    try (JsonParser json = JSON.createParser(bytes)) {
      json.nextToken();
      for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (field.equals("month")) {
          month = json.getText();
        } else if (field.equals("events") && value == JsonToken.START_OBJECT) {
          for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            json.nextToken();
            events.put(key, new AtomicLong(json.getLongValue()));
          }
        } else {
          json.skipChildren();
        }
      }
    }
    return Month.of(YearMonth.parse(month), events);
  }

  /** Keeps what is known and stops. */
  @Override
  public void close() {
    closed.countDown();
    Thread thread = keeper;
    boolean interrupted = false;
    while (thread != null && thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    keep();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
