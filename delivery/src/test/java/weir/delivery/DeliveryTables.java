package weir.delivery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jdbi.v3.core.transaction.TransactionHandler;
import weir.event.CleanEvent;
import weir.event.CleanRecordCodec;
import weir.event.EventColumn;
import weir.event.Origin;
import weir.event.ProjectProperties;
import weir.event.RawPosition;
import weir.log.MemoryLog;
import weir.process.MetaDatabase;
import weir.tap.CleanEvents;
import weir.testkit.ManualClock;

/** A clean log and a database with the projects {@code shop} and {@code other}. */
final class DeliveryTables implements AutoCloseable {
  static final Instant START = Instant.parse("2026-01-08T00:00:00Z");

  static final DeliveryOptions OPTIONS =
      new DeliveryOptions(
          List.of(weir.event.Network.of("127.0.0.0/8")),
          Duration.ofSeconds(10),
          6,
          Duration.ofMinutes(5),
          4_000,
          8,
          50,
          1 << 20,
          Duration.ofDays(7),
          1 << 20);

  final MemoryLog log = new MemoryLog();
  final ManualClock clock = new ManualClock(START);
  final MetaDatabase database;
  final CleanEvents events =
      new CleanEvents(
          log,
          project ->
              ProjectProperties.of(
                  List.of(new ProjectProperties.Property("dish", Optional.of("p_dish"), true)),
                  false));
  private final CleanRecordCodec codec = new CleanRecordCodec();
  private final AtomicInteger appended = new AtomicInteger();

  /** How many transactions are left until the process dies, before or after the commit. */
  int crashIn = -1;

  boolean crashAfterCommit;

  /** The process ends. */
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  DeliveryTables(Path folder) throws IOException {
    database = MetaDatabase.open(folder.resolve("meta.db"));
    database
        .jdbi()
        .useHandle(handle -> {
          handle.execute("insert into projects (name, created_at) values ('shop', 0)");
          handle.execute("insert into projects (name, created_at) values ('other', 0)");
        });
    database.jdbi().setTransactionHandler(new Crashing(new LocalTransactionHandler()));
  }

  private final class Crashing extends DelegatingTransactionHandler {
    Crashing(TransactionHandler delegate) {
      super(delegate);
    }

    @Override
    public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> callback)
        throws X {
      boolean crashes = crashIn >= 0 && crashIn-- == 0;
      R result =
          super.inTransaction(
              handle,
              inside -> {
                R done = callback.withHandle(inside);
                if (crashes && !crashAfterCommit) {
                  throw new Crash();
                }
                return done;
              });
      if (crashes) {
        throw new Crash();
      }
      return result;
    }

    @Override
    public TransactionHandler specialize(Handle handle) throws java.sql.SQLException {
      return new Crashing(getDelegate().specialize(handle));
    }
  }

  /** Appends an event and answers its id. */
  String append(String project, String event, String dish) {
    int number = appended.getAndIncrement();
    Origin origin = new Origin(project, "web", 1, 2, new RawPosition(number, 0));
    log.append(
        List.of(
            codec.encode(
                CleanEvent.builder()
                    .set(EventColumn.EVENT, event)
                    .set(EventColumn.EVENT_ID, "e" + number)
                    .set(EventColumn.TIMESTAMP, 1_000_000L)
                    .properties(Map.of("p_dish", dish))
                    .build(origin))));
    return "e" + number;
  }

  DeliveryStore store() {
    return new DeliveryStore(database.jdbi(), clock);
  }

  DeadLetters letters() {
    return new DeadLetters(database.jdbi(), clock, OPTIONS.letterBytes(), OPTIONS.letterAge());
  }

  static Target target(String url, String... names) {
    return new Target(java.net.URI.create(url), Set.of(names), "", 10);
  }

  /** The ids of the events in a body. */
  static List<String> ids(byte[] body) {
    java.util.regex.Matcher matcher =
        java.util.regex.Pattern.compile("\"event_id\":\"([^\"]*)\"")
            .matcher(new String(body, StandardCharsets.UTF_8));
    List<String> ids = new ArrayList<>();
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    return ids;
  }

  /** Keeps what it is sent and answers as it is told. */
  static final class Receiver implements Sender {
    record Request(Map<String, String> headers, byte[] body, Answer answer) {
      String id() {
        return headers.getOrDefault("webhook-id", "");
      }
    }

    interface Rule {
      Answer answer(Map<String, String> headers, byte[] body);
    }

    final List<Request> requests = new ArrayList<>();
    Rule rule = (headers, body) -> answer(204);

    static Answer answer(int status) {
      return new Answered(status, Optional.empty());
    }

    @Override
    public Answer post(java.net.URI url, Map<String, String> headers, byte[] body) {
      Answer answer = rule.answer(headers, body);
      requests.add(new Request(new HashMap<>(headers), body.clone(), answer));
      return answer;
    }

    /** The ids of the events that it took, in the order of the requests. */
    List<String> taken() {
      return requests.stream()
          .filter(
              each -> each.answer() instanceof Answered answered && answered.status() / 100 == 2)
          .flatMap(each -> ids(each.body()).stream())
          .toList();
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
