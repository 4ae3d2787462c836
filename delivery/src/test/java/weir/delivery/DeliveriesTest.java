package weir.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.event.Position;

/** Many deliveries at once, to receivers on real sockets. */
class DeliveriesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final Map<String, List<String>> got = new ConcurrentHashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private DeliveryTables tables;
  private HttpServer server;
  private Deliveries deliveries;

  @BeforeEach
  void open() throws IOException {
    tables = new DeliveryTables(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/dead",
        exchange -> {
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.createContext(
        "/good",
        exchange -> {
          try (exchange) {
            got.computeIfAbsent(
                    exchange.getRequestURI().getPath(), path -> new CopyOnWriteArrayList<>())
                .addAll(DeliveryTables.ids(exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(204, -1);
          }
        });
    server.start();
    start();
  }

  private void start() {
    deliveries =
        Deliveries.start(
            tables.database.jdbi(),
            tables.events,
            (project, key) -> true,
            DeliveryTables.OPTIONS,
            InstantSource.system(),
            new SimpleMeterRegistry());
  }

  @AfterEach
  void close() {
    end.countDown();
    deliveries.close();
    server.stop(0);
    tables.close();
  }

  private Target target(String path) {
    return new Target(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), Set.of(), "", 10);
  }

  private void create(String name, String path) throws DeliveryException {
    deliveries.create("shop", name, target(path), "key_1", Position.START);
  }

  @Test
  void receiversThatNeverAnswerKeepNobodyWaiting() throws Exception {
    for (int i = 0; i < 30; i++) {
      create("dead" + i, "/dead/" + i);
    }
    for (int i = 0; i < 3; i++) {
      create("good" + i, "/good/" + i);
    }
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      sent.add(tables.append("shop", "a", "x"));
    }
    for (int i = 0; i < 3; i++) {
      List<String> wanted = List.copyOf(sent);
      String path = "/good/" + i;
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(got.get(path)).isEqualTo(wanted));
    }
    assertThat(deliveries.list("shop"))
        .filteredOn(each -> each.delivery().name().startsWith("good"))
        .allMatch(each -> each.problem().isEmpty());
  }

  @Test
  void aRestartGoesOn() throws Exception {
    create("a", "/good/a");
    String first = tables.append("shop", "a", "x");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> deliveries.get("shop", "a").delivery().delivered() == 1);
    deliveries.close();
    String second = tables.append("shop", "b", "x");
    start();
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(got.get("/good/a")).containsExactly(first, second));
  }

  @Test
  void whatIsChangedCountsAtOnce() throws Exception {
    create("a", "/good/a");
    deliveries.pause("shop", "a");
    String first = tables.append("shop", "a", "x");
    deliveries.change("shop", "a", before -> target("/good/b"));
    assertThat(deliveries.tryOut("shop", "a").taken()).isTrue();
    deliveries.resume("shop", "a", "key_2");
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(got.get("/good/b")).containsExactly(first));
    assertThat(got.get("/good/a")).isNull();
    deliveries.delete("shop", "a");
    assertThatThrownBy(() -> deliveries.get("shop", "a")).isInstanceOf(DeliveryException.class);
    assertThat(deliveries.counts().all()).isZero();
  }

  /** Each changes something else of the same delivery: none may be lost. */
  @Test
  void changesAtTheSameTimeAllCount() throws Exception {
    create("a", "/good/a");
    deliveries.pause("shop", "a");
    List<Callable<Void>> changes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String name = "event " + i;
      changes.add(() -> {
        deliveries.change(
            "shop",
            "a",
            before ->
                new Target(
                    before.url(),
                    Stream.concat(before.events().stream(), Stream.of(name))
                        .collect(Collectors.toSet()),
                    before.condition(),
                    before.batchEvents()));
        return null;
      });
    }
    inParallel(changes);
    assertThat(deliveries.get("shop", "a").delivery().target().events()).hasSize(40);
  }

  private static void inParallel(List<Callable<Void>> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Void> each : threads.invokeAll(work)) {
        each.get();
      }
    }
  }

  /** Creates, changes, pauses, resumes and deletes of few names by many threads. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whateverIsDoneAtTheSameTimeTheLimitHoldsAndWhatIsLeftDelivers(long seed) throws Exception {
    List<Callable<Void>> work = new ArrayList<>();
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      String name = "d" + random.nextInt(80);
      int what = random.nextInt(6);
      work.add(() -> {
        try {
          switch (what) {
            case 0, 1, 2 -> create(name, "/good/" + name);
            case 3 -> deliveries.delete("shop", name);
            case 4 -> deliveries.pause("shop", name);
            default -> deliveries.resume("shop", name, "key_2");
          }
        } catch (DeliveryException e) {
          assertThat(e.reason()).isNotEqualTo(DeliveryException.Reason.INVALID);
        }
        assertThat(deliveries.counts().all()).isLessThanOrEqualTo(DeliveryTables.OPTIONS.most());
        return null;
      });
    }
    inParallel(work);
    for (Deliveries.Standing each : deliveries.list("shop")) {
      deliveries.resume("shop", each.delivery().name(), "key_2");
    }
    String last = tables.append("shop", "a", "x");
    List<Deliveries.Standing> left = deliveries.list("shop");
    assertThat(left).isNotEmpty();
    for (Deliveries.Standing each : left) {
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(got.get("/good/" + each.delivery().name())).containsOnlyOnce(last));
    }
  }

  @Test
  void thereAreOnlySoMany() throws Exception {
    for (int i = 0; i < DeliveryTables.OPTIONS.most(); i++) {
      create("d" + i, "/good/" + i);
    }
    assertThatThrownBy(() -> create("one", "/good/one"))
        .isInstanceOfSatisfying(
            DeliveryException.class,
            refused -> assertThat(refused.reason()).isEqualTo(DeliveryException.Reason.TOO_MANY));
  }
}
