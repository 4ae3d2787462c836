package weir.tools.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Posts batches to a collector, again and again where it cannot take them now: the ids make sure
 * that nothing is stored twice. Safe for use by several threads.
 */
public final class Collector implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Duration FIRST_WAIT = Duration.ofMillis(100);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final String url;
  private final String key;
  private final Duration patience;
  private final LongSupplier ticker;
  private final Pause pause;
  private final HttpClient client;

  /** Waits. */
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /**
   * @param client is closed with it
   * @param ticker nanoseconds
   */
  public Collector(
      HttpClient client,
      String url,
      String key,
      Duration patience,
      LongSupplier ticker,
      Pause pause) {
    this.client = client;
    this.url = url.replaceAll("/+$", "");
    this.key = key;
    this.patience = patience;
    this.ticker = ticker;
    this.pause = pause;
  }

  /** An answer that trying again cannot change. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedException(int status, String message) {
      super(message);
      this.status = status;
    }

    boolean isTooLarge() {
      return status == 413;
    }
  }

  public String url() {
    return url;
  }

  String key() {
    return key;
  }

  /**
   * Asks whether it is there, once.
   *
   * @throws IOException saying what to do, if not
   */
  public void check() throws IOException, InterruptedException {
    try {
      client.send(
          HttpRequest.newBuilder(URI.create(url + "/health")).timeout(ANSWER).build(),
          HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new IOException(
          "no collector answers at " + url + " (" + reason(e) + "); is it running? (weir start)",
          e);
    }
  }

  /**
   * Posts a body of calls and returns the answer once all is durable.
   *
   * @throws RefusedException if the collector will not have it
   * @throws IOException if it could not be brought to take it for so long
   */
  public JsonNode post(String path, byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + key)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    long start = ticker.getAsLong();
    Duration wait = FIRST_WAIT;
    while (true) {
      Duration asked = Duration.ZERO;
      String problem;
      try {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return JSON.readTree(answer.body());
        }
        problem = problem(answer);
        if (answer.statusCode() != 429 && answer.statusCode() < 500) {
          throw new RefusedException(answer.statusCode(), "the collector refuses: " + problem);
        }
        asked = retryAfter(answer);
      } catch (RefusedException e) {
        throw e;
      } catch (IOException e) {
        problem = reason(e);
      }
      Duration next = asked.compareTo(wait) > 0 ? asked : jittered(wait);
      if (ticker.getAsLong() - start + next.toNanos() > patience.toNanos()) {
        throw new IOException(
            "the collector at "
                + url
                + " has not taken a batch for "
                + patience.toSeconds()
                + " s; the last problem was: "
                + problem);
      }
      pause.of(next);
      wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
    }
  }

  private static Duration jittered(Duration wait) {
    return Duration.ofMillis(
        ThreadLocalRandom.current().nextLong(wait.toMillis() / 2, wait.toMillis() + 1));
  }

  private static Duration retryAfter(HttpResponse<?> answer) {
    OptionalLong seconds = OptionalLong.empty();
    try {
      seconds = answer.headers().firstValueAsLong("Retry-After");
    } catch (NumberFormatException e) {
      return Duration.ZERO; // a date; our own waits will do
    }
    return Duration.ofSeconds(Math.clamp(seconds.orElse(0), 0, 3600));
  }

  private static String problem(HttpResponse<String> answer) {
    try {
      JsonNode error = JSON.readTree(answer.body()).path("error");
      if (error.hasNonNull("message")) {
        return answer.statusCode() + ", " + error.path("message").asText();
      }
    } catch (IOException e) {
      return answer.statusCode() + ", and no JSON; is this a collector?";
    }
    return String.format(Locale.ROOT, "%d", answer.statusCode());
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable each = failure;
    while (each != null) {
      if (each.getMessage() != null) {
        return each.getMessage();
      }
      each = each.getCause();
    }
    return "no connection";
  }

  @Override
  public void close() {
    client.close();
  }
}
