package weir.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;

/**
 * What the collector is measured against: takes the same requests, parses the same JSON, stores
 * nothing and answers as the collector would. Prints {@code listening on PORT}.
 */
public final class EchoServer extends AbstractVerticle {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Buffer ANSWER =
      Buffer.buffer("{\"success\":true,\"accepted\":1,\"quarantined\":[]}");
  private static final Buffer MALFORMED = Buffer.buffer("{\"error\":{\"code\":\"malformed\"}}");

  private final int port;

  private EchoServer(int port) {
    this.port = port;
  }

  public static void main(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    int loops = Runtime.getRuntime().availableProcessors();
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops));
    vertx
        .deployVerticle(() -> new EchoServer(port), new DeploymentOptions().setInstances(loops))
        .onSuccess(id -> System.out.println("listening on " + port))
        .onFailure(failure -> {
          failure.printStackTrace();
          vertx.close();
        });
  }

  @Override
  public void start(Promise<Void> started) {
    vertx
        .createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
        .requestHandler(EchoServer::handle)
        .listen(port, "127.0.0.1")
        .<Void>mapEmpty()
        .onComplete(started);
  }

  private static void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> {
          boolean read = parse(body.getBytes());
          request
              .response()
              .setStatusCode(read ? 200 : 400)
              .putHeader("content-type", "application/json")
              .end(read ? ANSWER : MALFORMED);
        });
  }

  private static boolean parse(byte[] body) {
    try (JsonParser parser = JSON.createParser(body)) {
      int values = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          values += parser.currentName().length();
        } else if (token.isScalarValue()) {
          values += parser.getTextLength();
        }
      }
      return values > 0;
    } catch (IOException e) {
      return false;
    }
  }
}
