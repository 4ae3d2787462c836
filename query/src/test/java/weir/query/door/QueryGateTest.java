package weir.query.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import weir.query.Access;
import weir.query.Deadline;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.duckdb.TestEngine;

class QueryGateTest {
  private final Queue<String> entered = new ConcurrentLinkedQueue<>();
  private final QueryGate gate = new QueryGate(3, 2);
  private int keys;

  /** A query that stays inside until it may leave. */
  private final class Visit {
    private final CountDownLatch leave = new CountDownLatch(1);
    private final Deadline deadline = TestEngine.deadline();
    private final Thread thread;

    Visit(String project) {
      this(project, QueryGate.Kind.STATEMENT);
    }

    Visit(String project, QueryGate.Kind kind) {
      this(gate, project, "key " + keys++, kind);
    }

    Visit(QueryGate gate, String project, String key, QueryGate.Kind kind) {
      Access access = new Access(project, key, Optional.empty());
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  gate.enter(access, kind, deadline);
                  entered.add(project);
                  leave.await();
                  gate.leave(access, kind);
                } catch (QueryException | InterruptedException e) {
                  entered.add(project + " ended");
                }
              });
    }

    void leave() throws InterruptedException {
      leave.countDown();
      thread.join();
    }
  }

  private void awaitEntered(String... projects) {
    await().until(() -> entered.size() >= projects.length);
    assertThat(entered).containsExactly(projects);
  }

  @Test
  void aProjectWithItsShareLetsOthersPass() throws Exception {
    Visit first = new Visit("a");
    awaitEntered("a");
    Visit second = new Visit("a");
    awaitEntered("a", "a");
    Visit third = new Visit("a");
    await().until(() -> third.thread.getState() == Thread.State.WAITING);
    Visit other = new Visit("b");
    awaitEntered("a", "a", "b");
    Visit late = new Visit("b");
    await().until(() -> late.thread.getState() == Thread.State.WAITING);
    first.leave();
    awaitEntered("a", "a", "b", "a"); // it came before the second b
    third.leave();
    awaitEntered("a", "a", "b", "a", "b");
    for (Visit visit : List.of(second, other, late)) {
      visit.leave();
    }
  }

  @Test
  void whoEndsWhileWaitingHoldsNobodyUp() throws Exception {
    Visit first = new Visit("a");
    Visit second = new Visit("a");
    awaitEntered("a", "a");
    Visit third = new Visit("a");
    await().until(() -> third.thread.getState() == Thread.State.WAITING);
    third.deadline.end(QueryError.QUERY_CANCELLED);
    awaitEntered("a", "a", "a ended");
    first.leave();
    Visit fourth = new Visit("a");
    awaitEntered("a", "a", "a ended", "a");
    second.leave();
    fourth.leave();
    assertThatThrownBy(() -> gate.enter(Access.to("a"), QueryGate.Kind.STATEMENT, third.deadline))
        .isInstanceOf(QueryException.class);
  }

  @Test
  void questionsLeaveStatementsPlaces() throws Exception {
    Visit first = new Visit("a", QueryGate.Kind.QUESTION);
    awaitEntered("a");
    Visit second = new Visit("a", QueryGate.Kind.QUESTION);
    await().until(() -> second.thread.getState() == Thread.State.WAITING);
    Visit statement = new Visit("a");
    awaitEntered("a", "a");
    statement.leave();
    Visit another = new Visit("a");
    awaitEntered("a", "a", "a");
    await().until(() -> second.thread.getState() == Thread.State.WAITING);
    assertThat(entered).hasSize(3);
    first.leave();
    awaitEntered("a", "a", "a", "a");
    for (Visit visit : List.of(second, another)) {
      visit.leave();
    }
  }

  /** However many it asks for, a key leaves a place, and those who have fewer come first. */
  @Test
  void aKeyHoldsNoOtherKeyUp() throws Exception {
    QueryGate wide = new QueryGate(8, 4);
    for (QueryGate.Kind kind : QueryGate.Kind.values()) {
      entered.clear();
      int most = kind == QueryGate.Kind.STATEMENT ? 3 : 1;
      List<Visit> greedy = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        greedy.add(new Visit(wide, "p", "greedy", kind));
      }
      await().until(() -> entered.size() == most);
      await()
          .until(() ->
              greedy.stream().filter(each -> each.thread.getState() == Thread.State.WAITING).count()
                  == 10);
      assertThat(entered).hasSize(most);
      Visit second = new Visit(wide, "p", "modest", kind);
      await().until(() -> entered.size() == most + 1);
      Visit third = new Visit(wide, "p", "late", kind);
      await().until(() -> third.thread.getState() == Thread.State.WAITING);
      assertThat(entered).hasSize(most + 1);
      second.leave();
      third.leave();
      for (Visit each : greedy) {
        each.leave.countDown();
      }
      for (Visit each : greedy) {
        each.thread.join();
      }
      assertThat(entered).hasSize(12);
    }
  }

  @Test
  void noneIsForgottenAndNoneTooManyAreInside() throws Exception {
    long seed = 20261121;
    Random random = new Random(seed);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger insideOfA = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger mostOfA = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String project = random.nextBoolean() ? "a" : "b" + random.nextInt(3);
      QueryGate.Kind kind =
          random.nextBoolean() ? QueryGate.Kind.QUESTION : QueryGate.Kind.STATEMENT;
      Access access = new Access(project, "key " + random.nextInt(3), Optional.empty());
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  gate.enter(access, kind, TestEngine.deadline());
                  most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  if (project.equals("a")) {
                    mostOfA.accumulateAndGet(insideOfA.incrementAndGet(), Math::max);
                  }
                  Thread.yield();
                  if (project.equals("a")) {
                    insideOfA.decrementAndGet();
                  }
                  inside.decrementAndGet();
                  gate.leave(access, kind);
                  served.incrementAndGet();
                } catch (QueryException | RuntimeException | Error e) {
                  failures.add(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(served).hasValue(300);
    assertThat(most.get()).isBetween(1, 3);
    assertThat(mostOfA.get()).isBetween(1, 2);
  }
}
