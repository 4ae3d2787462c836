package weir.collect;

import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections and requests. Used on that loop alone, but for {@link #stored} and
 * {@link #later}.
 *
 * <p>Time is counted in ticks of a timer, so that no request needs a timer of its own: what waits
 * is looked through at every tick.
 */
final class Lane {
  private static final long LONGEST_TICK_MILLIS = 1000;
  private static final long SHORTEST_TICK_MILLIS = 10;
  private static final long LINGER_MILLIS = 2000;

  /** HTTP/2's code for a stream that ends before its time, and nothing is wrong. */
  private static final long NO_ERROR = 0;

  private final Reception reception;
  private final Context context;
  private final long tickMillis;
  private final RandomGenerator random =
      RandomGeneratorFactory.of("L128X256MixRandom").create(new SecureRandom().generateSeed(32));

  /** Exchanges whose outcome the log has told, waiting for this loop to answer. */
  private final ConcurrentLinkedQueue<Exchange> outcomes = new ConcurrentLinkedQueue<>();

  private final AtomicBoolean awake = new AtomicBoolean();

  private final Map<HttpConnection, Link> links = new HashMap<>();
  private final List<Exchange> arriving = new ArrayList<>();
  private int ticks;
  private int active;
  private boolean draining;
  private @Nullable Runnable whenIdle;

  /** A connection, and when it last began or ended a request. */
  static final class Link {
    final HttpConnection connection;
    final String address;
    private int lastTick;
    private int active;

    private Link(HttpConnection connection, String address) {
      this.connection = connection;
      this.address = address;
    }

    /** Whether other requests may be under way on the request's connection: HTTP/2. */
    static boolean isShared(HttpServerRequest request) {
      return request.version() == HttpVersion.HTTP_2;
    }

    /** Takes no more of a request. Of a shared connection only its stream ends. */
    void hangUp(HttpServerRequest request) {
      if (isShared(request)) {
        request.response().reset(NO_ERROR);
      } else {
        connection.close();
      }
    }

    /** Closes the connection behind a request's answer, unless it is shared. */
    void endAfter(HttpServerRequest request) {
      if (!isShared(request)) {
        connection.close();
      }
    }
  }

  Lane(Reception reception, Context context) {
    this.reception = reception;
    this.context = context;
    CollectorOptions options = reception.options();
    long shortest = Math.min(options.bodyTimeout().toMillis(), options.idleTimeout().toMillis());
    this.tickMillis = Math.clamp(shortest / 8, SHORTEST_TICK_MILLIS, LONGEST_TICK_MILLIS);
    context.owner().setPeriodic(tickMillis, timer -> tick());
  }

  Reception reception() {
    return reception;
  }

  /** A random (version 4) id: unguessable seeds, and no lock that loops would share. */
  UUID newId() {
    return new UUID(
        (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L,
        (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L);
  }

  void connected(HttpConnection connection) {
    if (links.size() >= Math.ceilDiv(reception.options().maxConnections(), loops())) {
      connection.close();
      return;
    }
    String address =
        connection.remoteAddress() == null ? null : connection.remoteAddress().hostAddress();
    Link link = new Link(connection, address == null ? "" : address);
    link.lastTick = ticks;
    links.put(connection, link);
    connection.closeHandler(closed -> links.remove(connection));
  }

  private int loops() {
    return reception.options().eventLoops();
  }

  /** The connection's link; null if it came when there were too many. */
  @Nullable Link link(HttpConnection connection) {
    return links.get(connection);
  }

  boolean draining() {
    return draining;
  }

  void began(Exchange exchange, Link link) {
    active++;
    link.active++;
    link.lastTick = ticks;
    exchange.slot = arriving.size();
    exchange.deadline = ticks + ticksOf(reception.options().bodyTimeout().toMillis());
    arriving.add(exchange);
  }

  /** The rest of its body is of no interest; it may still come for a moment. */
  void lingers(Exchange exchange) {
    exchange.deadline = Math.min(exchange.deadline, ticks + ticksOf(LINGER_MILLIS));
  }

  /** All of its body has come, or never will. */
  void arrived(Exchange exchange) {
    if (exchange.slot < 0) {
      return;
    }
    Exchange last = arriving.removeLast();
    if (last != exchange) {
      arriving.set(exchange.slot, last);
      last.slot = exchange.slot;
    }
    exchange.slot = -1;
  }

  void answered(Link link) {
    active--;
    link.active--;
    link.lastTick = ticks;
    reportIdle();
  }

  /** From any thread: answer this exchange soon, together with others. */
  void stored(Exchange exchange) {
    outcomes.add(exchange);
    if (!awake.get() && awake.compareAndSet(false, true)) {
      context.runOnContext(ignored -> answerOutcomes());
    }
  }

  /** From any thread: run this on the loop. */
  void later(Runnable work) {
    context.runOnContext(ignored -> work.run());
  }

  /** Refuses what comes from now on, and tells when nothing is under way. */
  void drain(Runnable idle) {
    draining = true;
    whenIdle = idle;
    reportIdle();
  }

  private void reportIdle() {
    Runnable idle = whenIdle;
    if (idle != null && active == 0) {
      whenIdle = null;
      idle.run();
    }
  }

  private void answerOutcomes() {
    awake.set(false);
    for (Exchange exchange = outcomes.poll(); exchange != null; exchange = outcomes.poll()) {
      exchange.answerOutcome();
    }
  }

  private void tick() {
    ticks++;
    for (Exchange exchange : List.copyOf(arriving)) {
      if (exchange.deadline - ticks < 0) {
        exchange.expired();
      }
    }
    int idle = ticksOf(reception.options().idleTimeout().toMillis());
    for (Link link : List.copyOf(links.values())) {
      if (link.active == 0 && ticks - link.lastTick > idle) {
        link.connection.close();
      }
    }
    if (ticks % Math.max(1, ticksOf(LINGER_MILLIS)) == 0) {
      reception.rawLogs().forget();
    }
  }

  private int ticksOf(long millis) {
    return (int) Math.ceilDiv(millis, tickMillis);
  }
}
