package weir.server.api;

import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.metadata.RefusedException;
import weir.server.tables.TableException;

/** Answers requests with what takes too long for an event loop. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private final WorkerExecutor threads;

  Answers(WorkerExecutor threads) {
    this.threads = threads;
  }

  /** Answers 200 with a body, or the error that making it throws. */
  void of(Call call, String type, Callable<String> body) {
    of(call, 200, type, body);
  }

  /** Answers with a status and a body, or the error that making it throws. */
  void of(Call call, int status, String type, Callable<String> body) {
    threads
        .executeBlocking(body, false)
        .onFailure(failure -> failed(call, failure))
        .onSuccess(text -> call.answer(status, type, text));
  }

  /**
   * Answers 204 when something was deleted.
   *
   * @param deletion says whether it was there
   * @param missing answered if it was not
   */
  void deleted(Call call, Callable<Boolean> deletion, ApiError missing) {
    threads
        .executeBlocking(deletion, false)
        .onFailure(failure -> failed(call, failure))
        .onSuccess(deleted -> {
          if (deleted) {
            call.request().response().setStatusCode(204).end();
          } else {
            call.fail(missing);
          }
        });
  }

  static void failed(Call call, Throwable failure) {
    if (failure instanceof ApiError.Thrown thrown) {
      call.fail(thrown.error());
    } else if (failure instanceof RefusedException refused) {
      call.fail(ApiError.of(refused));
    } else if (failure instanceof TableException refused) {
      if (refused.status() == 503) {
        call.request().response().putHeader("Retry-After", "1");
      }
      call.json(refused.status(), refused.json());
    } else {
      LOG.error("{} failed", call.request().path(), failure);
      call.fail(new ApiError(500, "internal_error", "something failed here; the log says what"));
    }
  }
}
