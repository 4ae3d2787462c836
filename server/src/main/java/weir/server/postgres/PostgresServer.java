package weir.server.postgres;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.collect.TlsFiles;
import weir.metadata.ApiKey;
import weir.metadata.KeyUses;
import weir.metadata.MetaStore;
import weir.server.statements.StatementClient;
import weir.server.statements.Statements;

/**
 * Lets clients of PostgreSQL ask a project as a read-only database. A connection has a virtual
 * thread; statements go to the query process, whose rows are passed on as they come.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresServer.class);
  private static final int MOST_NEWCOMERS = 64;
  private static final int BACKLOG = 100;

  private final Options options;
  private final MetaStore store;
  private final QueryClient client;
  private final Optional<TlsIdentity> tls;
  private final ServerSocket listener;
  private final Newcomers newcomers;
  private final Semaphore places;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Running> sessions = new ConcurrentHashMap<>();
  private final AtomicInteger processes = new AtomicInteger();
  private final SecureRandom random = new SecureRandom();

  private record Running(int secret, Session session) {}

  /**
   * Where it listens.
   *
   * @param port 0 for any
   * @param tls what TLS is served with, which clients must then use; empty for none
   * @param queryWait how long to wait for a process that is restarting
   * @param connections at a time, of those who have proved who they are
   * @param login how long the proof may take
   */
  public record Options(
      String host,
      int port,
      Optional<TlsFiles> tls,
      Duration queryWait,
      int connections,
      Duration login) {}

  private PostgresServer(Options options, MetaStore store, Statements statements)
      throws IOException {
    this.options = options;
    this.store = store;
    this.places = new Semaphore(options.connections());
    this.client =
        new QueryClient(new StatementClient(statements, options.queryWait(), System::nanoTime));
    this.tls =
        options.tls().isPresent()
            ? Optional.of(TlsIdentity.watch(options.tls().get()))
            : Optional.empty();
    this.listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(options.host(), options.port()), BACKLOG);
    } catch (IOException e) {
      tls.ifPresent(TlsIdentity::close);
      String where = options.host() + ":" + options.port();
      throw new IOException("PostgreSQL's protocol cannot listen on " + where, e);
    }
    this.newcomers = new Newcomers(MOST_NEWCOMERS, options.login());
  }

  /**
   * Listens from now on.
   *
   * @param statements where statements run
   * @throws IOException if the port cannot be had or the TLS files cannot be read
   */
  public static PostgresServer start(Options options, MetaStore store, Statements statements)
      throws IOException {
    PostgresServer server = new PostgresServer(options, store, statements);
    Thread.ofPlatform().daemon().name("postgres-accept").start(server::accept);
    return server;
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.add(socket);
        newcomers.enter(socket);
        Thread.ofVirtual().name("postgres").start(() -> serve(socket));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          LOG.warn("a connection could not be accepted", e);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      talk(socket);
    } catch (SocketException | java.io.EOFException e) {
      LOG.debug("a client has gone: {}", e.getMessage());
    } catch (IOException e) {
      LOG.debug("a connection broke off", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("a connection failed", e);
    } finally {
      newcomers.leave(socket);
      connections.remove(socket);
    }
  }

  private void talk(Socket socket) throws IOException, InterruptedException {
    Handshake handshake = new Handshake(socket, this::context, store.keys());
    try {
      switch (handshake.run()) {
        case Handshake.Purpose.Cancel cancel -> cancel(cancel);
        case Handshake.Purpose.Open open -> {
          if (newcomers.leave(socket)) {
            admit(open, handshake, socket);
          }
        }
      }
    } catch (PostgresException e) {
      handshake.out().fatal(e);
    }
  }

  private void admit(Handshake.Purpose.Open open, Handshake handshake, Socket socket)
      throws IOException, InterruptedException, PostgresException {
    if (!places.tryAcquire()) {
      throw new PostgresException(
          "53300", "too many connections: " + options.connections() + " are open");
    }
    try {
      session(open, handshake, socket);
    } finally {
      places.release();
    }
  }

  private Optional<SSLContext> context() {
    return tls.map(TlsIdentity::context);
  }

  private void session(Handshake.Purpose.Open open, Handshake handshake, Socket socket)
      throws IOException, InterruptedException {
    int process = processes.incrementAndGet();
    int secret = random.nextInt();
    SessionParameters parameters = new SessionParameters(open.parameters());
    parameters.report(handshake.out());
    handshake
        .out()
        .message(
            'K',
            body -> {
              body.writeInt(process);
              body.writeInt(secret);
            });
    ApiKey key = open.key();
    Session session =
        new Session(key.asks(key.project()), client, handshake.in(), handshake.out(), parameters);
    sessions.put(process, new Running(secret, session));
    try (KeyUses.Use ignored = store.uses().open(key.id(), () -> end(socket))) {
      session.run();
    } finally {
      sessions.remove(process);
    }
  }

  /** Lets a session find that its client has gone, as which it cancels what it runs. */
  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.warn("a session of a revoked key did not end", e);
    }
  }

  private void cancel(Handshake.Purpose.Cancel cancel) throws IOException, InterruptedException {
    Running running = sessions.get(cancel.process());
    if (running != null && running.secret() == cancel.secret()) {
      running.session().cancel();
    }
  }

  /** Stops listening and ends the connections. */
  @Override
  public void close() throws IOException {
    listener.close();
    newcomers.close();
    for (Socket socket : connections) {
      socket.close();
    }
    tls.ifPresent(TlsIdentity::close);
  }

  /** A thread pool of Vert.x as small as can be, for reading PEM files. */
  static Vertx smallVertx() {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setInternalBlockingPoolSize(1));
  }
}
