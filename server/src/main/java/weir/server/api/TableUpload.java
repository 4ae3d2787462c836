package weir.server.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.server.tables.TableException;
import weir.server.tables.Tables;

/** Brings the body of one request into a file, as fast as the disk takes it. */
final class TableUpload {
  private static final Logger LOG = LoggerFactory.getLogger(TableUpload.class);

  private final Vertx vertx;
  private final Tables tables;
  private final HttpServerRequest request;
  private final Promise<Path> received = Promise.promise();
  private final List<Buffer> early = new ArrayList<>();
  private @Nullable AsyncFile file;
  private @Nullable Path into;
  private long bytes;
  private boolean ended;

  TableUpload(Vertx vertx, Tables tables, Call call) {
    this.vertx = vertx;
    this.tables = tables;
    this.request = call.request();
  }

  /**
   * Receives all of it; what came is removed if that fails.
   *
   * @param name of the table that it is for
   */
  Future<Path> receive(String name) {
    request.exceptionHandler(received::tryFail);
    request.handler(this::write);
    request.endHandler(ignored -> {
      ended = true;
      finish();
    });
    vertx
        .<Path>executeBlocking(
            () -> {
              tables.check(name, declared());
              return tables.newFile();
            },
            false)
        .compose(this::open)
        .onFailure(received::tryFail);
    return received.future();
  }

  private long declared() {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private Future<AsyncFile> open(Path path) {
    return vertx
        .fileSystem()
        .open(path.toString(), new OpenOptions().setCreateNew(true))
        .onSuccess(opened -> {
          file = opened;
          into = path;
          received.future().onFailure(why -> opened.close().onComplete(closed -> remove(path)));
          opened.exceptionHandler(received::tryFail);
          early.forEach(this::write);
          early.clear();
          resume();
          finish();
        });
  }

  /** Lets more come; an empty body may have ended already. */
  private void resume() {
    if (!ended) {
      request.resume();
    }
  }

  private void write(Buffer chunk) {
    AsyncFile open = file;
    if (received.future().isComplete()) {
      return;
    }
    if (open == null) {
      early.add(chunk);
      request.pause();
      return;
    }
    bytes += chunk.length();
    if (bytes > tables.uploadLimit()) {
      received.tryFail(
          TableException.of(
              413,
              "too_large",
              "a table's file may have " + tables.uploadLimit() + " bytes (tables.upload_limit)"));
      return;
    }
    open.write(chunk).onFailure(received::tryFail);
    if (open.writeQueueFull()) {
      request.pause();
      open.drainHandler(drained -> resume());
    }
  }

  private void finish() {
    AsyncFile open = file;
    Path path = into;
    if (ended && open != null && path != null && !received.future().isComplete()) {
      open.close().onFailure(received::tryFail).onSuccess(closed -> received.tryComplete(path));
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} stays until the next start", file, e);
    }
  }
}
