package weir.query.rendering;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import weir.query.QueryException;

/**
 * Sends a result to a client; each chunk waits until the socket has taken it. A failure after the
 * first chunk closes the connection, so that nobody takes a part for the whole.
 */
public final class HttpSink implements ResultSink {
  private final Context context;
  private final HttpServerResponse response;
  private final String contentType;
  private volatile boolean committed;

  public HttpSink(Context context, HttpServerResponse response, ResultFormat format) {
    this.context = context;
    this.response = response;
    this.contentType = format.contentType();
  }

  @Override
  public void chunk(byte[] bytes) throws IOException {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    context.runOnContext(ignored -> {
      if (response.closed()) {
        sent.completeExceptionally(new IOException("the client has gone"));
        return;
      }
      if (!committed) {
        committed = true;
        response.putHeader("Content-Type", contentType).setChunked(true);
      }
      Future<Void> written = response.write(Buffer.buffer(bytes));
      written.onComplete(
          done -> sent.complete(null), failure -> sent.completeExceptionally(failure));
    });
    try {
      sent.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the client was waited for", e);
    } catch (ExecutionException e) {
      throw new IOException("the client has gone", e.getCause());
    }
  }

  @Override
  public void finish() {
    context.runOnContext(ignored -> {
      if (!response.ended() && !response.closed()) {
        if (!committed) {
          response.putHeader("Content-Type", contentType);
        }
        response.end();
      }
    });
  }

  @Override
  public void fail(QueryException failure) {
    context.runOnContext(ignored -> {
      if (committed) {
        response.reset();
      } else {
        HttpErrors.send(response, failure);
      }
    });
  }

  @Override
  public void abort() {
    context.runOnContext(ignored -> {
      if (committed && !response.ended() && !response.closed()) {
        response.reset();
      }
    });
  }
}
