package weir.server.loopback;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Where one of Weir's processes serves the others, and what proves to it who asks.
 *
 * @param token the bearer token
 */
public record LoopbackAddress(int port, String token) {
  public static final String HOST = "127.0.0.1";

  /** The value of the header that carries the token. */
  public String authorization() {
    return "Bearer " + token;
  }

  /**
   * A connection for one call, not made yet: none is used again, so that no call meets one that
   * died unnoticed.
   *
   * @param path with its parameters
   * @param toConnect how long connecting may take
   */
  public HttpURLConnection open(String method, String path, Duration toConnect) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://" + HOST + ":" + port + path).toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) toConnect.toMillis());
    connection.setRequestProperty("Authorization", authorization());
    connection.setRequestProperty("Connection", "close");
    connection.setUseCaches(false);
    return connection;
  }

  /**
   * What is answered at a path.
   *
   * @param patience with connecting, and with each part of the answer
   * @throws IOException if nobody answers in that time, or with an error
   */
  public String get(String path, Duration patience) throws IOException {
    HttpURLConnection connection = open("GET", path, patience);
    connection.setReadTimeout((int) patience.toMillis());
    try (InputStream in = connection.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      connection.disconnect();
    }
  }

  /** The token is nobody's business. */
  @Override
  public String toString() {
    return HOST + ":" + port;
  }
}
