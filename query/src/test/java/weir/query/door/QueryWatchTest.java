package weir.query.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.Query;
import weir.query.QueryEngine;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.QueryRows;
import weir.query.Questions;
import weir.query.rendering.ResultSink;

class QueryWatchTest {
  @TempDir Path dir;
  private final AtomicLong ticker = new AtomicLong();
  private final List<Integer> halts = new ArrayList<>();

  /** An engine whose queries look at no interrupt until they are let go. */
  private static class StuckEngine implements QueryEngine {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @Override
    public QueryRows run(Query query, Deadline deadline) throws QueryException {
      started.countDown();
      boolean waiting = true;
      while (waiting) {
        try {
          go.await();
          waiting = false;
        } catch (InterruptedException e) {
          continue;
        }
      }
      deadline.check();
      throw new QueryException(QueryError.INTERNAL, "let go");
    }

    @Override
    public Thread thread(Runnable task, String name) {
      return Thread.ofPlatform().name(name).daemon().unstarted(task);
    }

    @Override
    public String dialect() {
      return "stuck";
    }
  }

  private static final class Recorded implements ResultSink {
    private volatile Optional<QueryException> failure = Optional.empty();

    @Override
    public void chunk(byte[] bytes) {}

    @Override
    public void finish() {}

    @Override
    public void fail(QueryException e) {
      failure = Optional.of(e);
    }

    @Override
    public void abort() {}
  }

  private QueryOptions options(long resident) {
    QueryOptions usual = QueryOptions.defaults(dir);
    return new QueryOptions(
        dir,
        usual.timeout(),
        usual.maxTimeout(),
        1,
        1,
        2,
        10,
        1,
        10,
        usual.keptFor(),
        resident,
        Duration.ofSeconds(2));
  }

  private static QueryRequest request() throws QueryException {
    return QueryRequest.parse(
        Access.to("shop"),
        "{\"sql\":\"select 1\",\"timeout\":\"5s\"}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8),
        QueryOptions.defaults(Path.of(".")));
  }

  @Test
  void aQueryThatDoesNotEndHaltsTheProcess() throws Exception {
    StuckEngine engine = new StuckEngine();
    QueryOptions options = options(0);
    QueryService service =
        new QueryService(engine, Questions.NONE, options, ticker::get, new SimpleMeterRegistry());
    QueryWatch watch = new QueryWatch(service, options, ticker::get, ticker::get, halts::add);
    Recorded sink = new Recorded();
    QueryRequest request = request();
    service.start(request, QueryService.key(request), sink);
    engine.started.await();
    ticker.addAndGet(Duration.ofSeconds(5).toNanos() - 1);
    watch.run();
    assertThat(service.running()).allMatch(query -> query.deadline().ended().isEmpty());
    ticker.addAndGet(1);
    watch.run();
    assertThat(service.running())
        .allMatch(query -> query.deadline().ended().equals(Optional.of(QueryError.QUERY_TIMEOUT)));
    ticker.addAndGet(Duration.ofSeconds(2).toNanos());
    watch.run();
    assertThat(halts).isEmpty();
    ticker.addAndGet(1);
    watch.run();
    assertThat(sink.failure.get().error())
        .as("answered before the process goes")
        .isEqualTo(QueryError.STATEMENT_TOO_EXPENSIVE);
    assertThat(halts).isEmpty();
    ticker.addAndGet(QueryWatch.LAST_WORDS.toNanos());
    watch.run();
    assertThat(halts).containsExactly(ProcessHalt.OVERRUN);
    engine.go.countDown();
    await().until(() -> service.running().isEmpty());
  }

  /** On a busy machine: what has no processor cannot end. */
  @Test
  void aQueryThatHadNoTimeToEndHaltsNothingYet() throws Exception {
    StuckEngine engine = new StuckEngine();
    QueryOptions options = options(0);
    AtomicLong cpu = new AtomicLong();
    QueryService service =
        new QueryService(engine, Questions.NONE, options, ticker::get, new SimpleMeterRegistry());
    QueryWatch watch = new QueryWatch(service, options, ticker::get, cpu::get, halts::add);
    Recorded sink = new Recorded();
    QueryRequest request = request();
    service.start(request, QueryService.key(request), sink);
    engine.started.await();
    service.running().forEach(each -> each.deadline().end(QueryError.QUERY_CANCELLED));
    watch.run();
    ticker.addAndGet(Duration.ofSeconds(20).toNanos());
    cpu.addAndGet(Duration.ofSeconds(2).toNanos() - 1);
    watch.run();
    assertThat(sink.failure).as("it has not run for two seconds").isEmpty();
    cpu.addAndGet(1);
    watch.run();
    assertThat(sink.failure.get().error()).isEqualTo(QueryError.STATEMENT_TOO_EXPENSIVE);
    engine.go.countDown();
    await().until(() -> service.running().isEmpty());
  }

  @Test
  void aQueryThatWaitsForEverHaltsTheProcess() throws Exception {
    StuckEngine engine = new StuckEngine();
    QueryOptions options = options(0);
    QueryService service =
        new QueryService(engine, Questions.NONE, options, ticker::get, new SimpleMeterRegistry());
    QueryWatch watch = new QueryWatch(service, options, ticker::get, () -> 0, halts::add);
    Recorded sink = new Recorded();
    QueryRequest request = request();
    service.start(request, QueryService.key(request), sink);
    engine.started.await();
    service.running().forEach(each -> each.deadline().end(QueryError.QUERY_CANCELLED));
    ticker.addAndGet(Duration.ofSeconds(20).toNanos());
    watch.run();
    assertThat(sink.failure).isEmpty();
    ticker.addAndGet(1);
    watch.run();
    assertThat(sink.failure.get().error()).isEqualTo(QueryError.STATEMENT_TOO_EXPENSIVE);
    engine.go.countDown();
    await().until(() -> service.running().isEmpty());
  }

  @Test
  void anEngineThatCannotBeLoadedHaltsTheProcessOnceItsClientWasAnswered() throws Exception {
    StuckEngine engine =
        new StuckEngine() {
          @Override
          public QueryRows run(Query query, Deadline deadline) {
            throw new ExceptionInInitializerError("no space left");
          }
        };
    QueryOptions options = options(0);
    QueryService service =
        new QueryService(engine, Questions.NONE, options, ticker::get, new SimpleMeterRegistry());
    QueryWatch watch = new QueryWatch(service, options, ticker::get, ticker::get, halts::add);
    watch.run();
    assertThat(halts).isEmpty();
    Recorded sink = new Recorded();
    QueryRequest request = request();
    service.start(request, QueryService.key(request), sink);
    await().until(() -> sink.failure.isPresent() && service.running().isEmpty());
    assertThat(sink.failure.get().error()).isEqualTo(QueryError.UNAVAILABLE);
    watch.run();
    assertThat(halts).isEmpty();
    ticker.addAndGet(QueryWatch.LAST_WORDS.toNanos());
    watch.run();
    assertThat(halts).containsExactly(ProcessHalt.UNLOADABLE);
  }

  @Test
  void tooMuchMemoryEndsQueriesThenTheProcess() throws Exception {
    assumeTrue(Files.exists(Path.of("/proc/self/statm")), "this system does not tell its memory");
    StuckEngine engine = new StuckEngine();
    QueryOptions options = options(1 << 20);
    QueryService service =
        new QueryService(engine, Questions.NONE, options, ticker::get, new SimpleMeterRegistry());
    QueryWatch watch = new QueryWatch(service, options, ticker::get, ticker::get, halts::add);
    Recorded sink = new Recorded();
    QueryRequest request = request();
    service.start(request, QueryService.key(request), sink);
    engine.started.await();
    watch.run();
    assertThat(sink.failure.get().error())
        .as("a JVM holds more than half as much again")
        .isEqualTo(QueryError.STATEMENT_TOO_EXPENSIVE);
    ticker.addAndGet(QueryWatch.LAST_WORDS.toNanos());
    watch.run();
    assertThat(halts).containsExactly(ProcessHalt.OUT_OF_MEMORY);
    engine.go.countDown();
    await().until(() -> service.running().isEmpty());
  }

  @Test
  void onlyWhoDoesNotHeedItsEndIsToBlame() throws Exception {
    StuckEngine engine = new StuckEngine();
    QueryOptions options = options(0);
    QueryService service =
        new QueryService(engine, Questions.NONE, options, ticker::get, new SimpleMeterRegistry());
    QueryWatch watch = new QueryWatch(service, options, ticker::get, ticker::get, halts::add);
    Recorded stuck = new Recorded();
    QueryRequest first = request();
    service.start(first, QueryService.key(first), stuck);
    engine.started.await();
    ticker.addAndGet(Duration.ofSeconds(5).toNanos());
    watch.run();
    Recorded other = new Recorded();
    QueryRequest second = request();
    service.start(second, QueryService.key(second), other);
    ticker.addAndGet(Duration.ofSeconds(2).toNanos() + 1);
    watch.run();
    assertThat(stuck.failure.get().error()).isEqualTo(QueryError.STATEMENT_TOO_EXPENSIVE);
    assertThat(other.failure.get().error()).isEqualTo(QueryError.QUERY_LOST);
    QueryRequest late = request();
    assertThatThrownBy(() -> service.start(late, QueryService.key(late), new Recorded()))
        .isInstanceOfSatisfying(
            QueryException.class, e -> assertThat(e.error()).isEqualTo(QueryError.QUERY_LOST));
    engine.go.countDown();
    await().until(() -> service.running().isEmpty());
  }
}
