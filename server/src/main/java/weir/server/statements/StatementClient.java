package weir.server.statements;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.metadata.Asker;

/**
 * Asks the processes that run statements, on a connection for each, and waits for one that is
 * restarting. A statement that another one took along is tried once more. Blocks; safe for use by
 * several threads.
 */
public final class StatementClient {
  private static final Logger LOG = LoggerFactory.getLogger(StatementClient.class);
  private static final Duration TO_CONNECT = Duration.ofSeconds(1);
  private static final int ASK_AGAIN_MILLIS = 50;

  private final Statements statements;
  private final Duration patience;
  private final LongSupplier nanoTicker;

  /**
   * @param patience how long to wait for a process that cannot be reached
   */
  public StatementClient(Statements statements, Duration patience, LongSupplier nanoTicker) {
    this.statements = statements;
    this.patience = patience;
    this.nanoTicker = nanoTicker;
  }

  /** An answer; its body comes as it is made where the status is 200. */
  public static final class Answer implements AutoCloseable {
    private final int status;
    private final InputStream body;
    private final Runnable close;

    private Answer(int status, InputStream body, Runnable close) {
      this.status = status;
      this.body = body;
      this.close = close;
    }

    private static Answer of(int status, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return new Answer(status, new ByteArrayInputStream(bytes), () -> {});
    }

    private static Answer of(StatementFailure failure) {
      return of(failure.status(), failure.json());
    }

    public int status() {
      return status;
    }

    public InputStream body() {
      return body;
    }

    /** The whole body as text. */
    public String text() throws IOException {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Ends the statement, if it still runs; any thread may do so. */
    @Override
    public void close() {
      close.run();
    }
  }

  /**
   * Posts a statement; returns when its first rows are there, or when it has failed.
   *
   * @param path at the process, without parameters
   */
  public Answer post(Asker asker, String path, byte[] body) throws InterruptedException {
    return post(asker, path, body, end -> {});
  }

  /**
   * As the other one.
   *
   * @param cancellation takes what ends the statement, on any thread
   */
  public Answer post(Asker asker, String path, byte[] body, Consumer<Runnable> cancellation)
      throws InterruptedException {
    long began = nanoTicker.getAsLong();
    StatementTry attempt = StatementTry.first(true);
    while (true) {
      Statements.Place place;
      try {
        place = open(asker);
      } catch (Statements.UnavailableException | IOException e) {
        LOG.debug("no process for statements of {}", asker.project(), e);
        place = null;
      }
      HttpURLConnection connection = place == null ? null : connected(place, "POST", path, asker);
      if (place == null || connection == null) {
        if (nanoTicker.getAsLong() - began > patience.toNanos()) {
          return Answer.of(StatementFailure.UNAVAILABLE);
        }
        Thread.sleep(ASK_AGAIN_MILLIS);
        continue;
      }
      cancellation.accept(connection::disconnect);
      Answer answer = answered(place, connection, body, attempt);
      if (answer != null) {
        return answer;
      }
      attempt = attempt.again();
    }
  }

  /** Null if the statement is to be tried once more. */
  private static @Nullable Answer answered(
      Statements.Place place, HttpURLConnection connection, byte[] body, StatementTry attempt) {
    Runnable close =
        () -> {
          connection.disconnect();
          place.close();
        };
    try {
      connection.getOutputStream().write(body);
      int status = connection.getResponseCode();
      if (status == HttpURLConnection.HTTP_OK) {
        return new Answer(status, connection.getInputStream(), close);
      }
      String text = text(connection.getErrorStream());
      String ending = connection.getHeaderField(StatementTry.ENDING_HEADER);
      close.run();
      boolean again = ending != null && attempt.isToRepeat(place, ending);
      return again ? null : Answer.of(status, text);
    } catch (IOException e) {
      Optional<StatementFailure> failure = attempt.lost(place, place.lost().join());
      close.run();
      return failure.map(Answer::of).orElse(null);
    }
  }

  private static String text(@Nullable InputStream body) throws IOException {
    if (body == null) {
      return "";
    }
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Statements.Place open(Asker asker)
      throws InterruptedException, Statements.UnavailableException, IOException {
    try {
      return statements.open(asker.project(), asker.key()).get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Statements.UnavailableException unavailable -> throw unavailable;
        case IOException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** Null if nobody is there. */
  private static @Nullable HttpURLConnection connected(
      Statements.Place place, String method, String path, Asker asker) {
    try {
      HttpURLConnection connection =
          place.address().open(method, path + "?" + asker.parameters(), TO_CONNECT);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setDoOutput(method.equals("POST"));
      connection.connect();
      return connection;
    } catch (ConnectException | java.net.SocketTimeoutException e) {
      place.close();
      return null;
    } catch (IOException e) {
      place.close();
      LOG.warn("a process for statements cannot be reached", e);
      return null;
    }
  }

  /** Cancels a statement, if it still runs. */
  public void cancel(Asker asker, String id) throws IOException, InterruptedException {
    try (Statements.Place place =
        statements.open(asker.project(), "").get(TO_CONNECT.toMillis(), TimeUnit.MILLISECONDS)) {
      HttpURLConnection connection = connected(place, "DELETE", "/query/" + id, asker);
      if (connection != null) {
        connection.getResponseCode();
        connection.disconnect();
      }
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      LOG.debug("nothing runs any more that could be cancelled", e);
    }
  }
}
