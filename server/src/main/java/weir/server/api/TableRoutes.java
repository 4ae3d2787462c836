package weir.server.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.lake.stored.StoredInput;
import weir.metadata.Asker;
import weir.server.tables.Cancellation;
import weir.server.tables.Tables;

/** The routes of tables that users store. */
final class TableRoutes {
  private static final String PATH = "/api/v1/tables";
  private static final String ONE = PATH + "/{name}";
  private static final String JSON = "application/json";
  private static final int UPLOADS = 4;
  private static final int QUERY_LIMIT = 1 << 20;
  private static final Pattern TYPE =
      Pattern.compile(
          "([^:,]+):(BOOLEAN|INTEGER|BIGINT|DOUBLE|VARCHAR|DATE|TIME|TIMESTAMP|TIMESTAMPTZ"
              + "|DECIMAL\\(\\d{1,2},\\d{1,2}\\))",
          Pattern.CASE_INSENSITIVE);

  private final Tables tables;
  private final Answers answers;
  private final Vertx vertx;
  private final WorkerExecutor slow;
  private final AtomicInteger uploads = new AtomicInteger();

  /**
   * @param slow threads for what may take long
   */
  TableRoutes(Tables tables, Answers answers, Vertx vertx, WorkerExecutor slow) {
    this.tables = tables;
    this.answers = answers;
    this.vertx = vertx;
    this.slow = slow;
  }

  List<Route> all() {
    return List.of(
        new Route(HttpMethod.GET, PATH, Access.PROJECT, this::list),
        new Route(HttpMethod.POST, PATH, Access.PROJECT_ADMIN, this::keep),
        new Route(HttpMethod.GET, ONE, Access.PROJECT, this::describe),
        new Route(HttpMethod.PUT, ONE, Access.PROJECT_ADMIN, this::put),
        new Route(HttpMethod.DELETE, ONE, Access.PROJECT_ADMIN, this::drop));
  }

  private static String name(Call call) {
    return call.request().path().substring(PATH.length() + 1);
  }

  private static ApiError notFound(Call call) {
    return new ApiError(404, "not_found", "there is no stored table " + name(call));
  }

  private void list(Call call) {
    answers.of(
        call,
        JSON,
        () -> {
          PageParameters page = PageParameters.of(call);
          return tables.list(call.project(), page.cursor(), page.limit());
        });
  }

  private void describe(Call call) {
    answers.of(
        call,
        JSON,
        () ->
            tables
                .describe(call.project(), name(call))
                .orElseThrow(() -> new ApiError.Thrown(notFound(call))));
  }

  private void drop(Call call) {
    answers.deleted(call, () -> tables.drop(call.project(), name(call)), notFound(call));
  }

  private void keep(Call call) {
    Asker asker = call.known().asks(call.project());
    call.body(
        QUERY_LIMIT,
        body -> {
          if (begin(call)) {
            Cancellation cancellation = cancelledWithItsClient(call);
            answer(
                call,
                slow.executeBlocking(
                    () -> tables.keep(asker, body.getBytes(), cancellation), false));
          }
        });
  }

  /** Takes a place among those that store a table now; answers 429 if there is none. */
  private boolean begin(Call call) {
    if (uploads.incrementAndGet() <= UPLOADS) {
      return true;
    }
    uploads.decrementAndGet();
    call.request().response().putHeader("Retry-After", "1");
    refuse(
        call,
        new ApiError.Thrown(
            new ApiError(429, "too_many_uploads", UPLOADS + " tables are being stored already")));
    return false;
  }

  private static Cancellation cancelledWithItsClient(Call call) {
    Cancellation cancellation = new Cancellation();
    HttpServerResponse response = call.request().response();
    response.closeHandler(gone -> cancellation.cancel());
    if (response.closed()) {
      cancellation.cancel();
    }
    return cancellation;
  }

  /** Answers with what was stored, and frees its place. */
  private void answer(Call call, Future<Tables.Stored> storing) {
    storing
        .onComplete(ended -> uploads.decrementAndGet())
        .onFailure(failure -> refuse(call, failure))
        .onSuccess(stored -> call.json(stored.isNew() ? 201 : 200, stored.json()));
  }

  private void put(Call call) {
    HttpServerRequest request = call.request();
    StoredInput.Format format;
    boolean gzip;
    Map<String, String> types;
    try {
      format = format(request.getHeader("Content-Type"));
      gzip = isGzip(request.getHeader("Content-Encoding"));
      types = types(request.getParam("types"), format);
    } catch (ApiError.Thrown e) {
      refuse(call, e);
      return;
    }
    if (!begin(call)) {
      return;
    }
    Cancellation cancellation = cancelledWithItsClient(call);
    answer(
        call,
        new TableUpload(vertx, tables, call)
            .receive(name(call))
            .compose(file -> {
              Tables.Upload upload = new Tables.Upload(file, format, gzip, types);
              return slow.executeBlocking(
                  () -> tables.put(call.project(), name(call), upload, cancellation), false);
            }));
  }

  /** Answers before the body has come, of which nobody wants the rest. */
  private static void refuse(Call call, Throwable failure) {
    if (!call.request().isEnded() && call.request().version().alpnName().startsWith("http/1")) {
      call.request().response().putHeader("Connection", "close");
    }
    Answers.failed(call, failure);
  }

  private static StoredInput.Format format(@Nullable String type) {
    String media = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return switch (media) {
      case "text/csv" -> StoredInput.Format.CSV;
      case "application/vnd.apache.parquet" -> StoredInput.Format.PARQUET;
      default ->
          throw new ApiError.Thrown(
              new ApiError(
                  415,
                  "unsupported_media_type",
                  "Content-Type must be text/csv or application/vnd.apache.parquet"));
    };
  }

  private static boolean isGzip(@Nullable String encoding) {
    return switch (encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT)) {
      case "identity", "" -> false;
      case "gzip" -> true;
      default ->
          throw new ApiError.Thrown(
              new ApiError(
                  415, "unsupported_encoding", "Content-Encoding must be gzip, or absent"));
    };
  }

  /** As in {@code id:VARCHAR,price:DECIMAL(10,2)}. */
  private static Map<String, String> types(@Nullable String text, StoredInput.Format format) {
    Map<String, String> types = new HashMap<>();
    if (text == null || text.isBlank()) {
      return types;
    }
    if (format != StoredInput.Format.CSV) {
      throw ApiError.invalid("types are for CSV; a Parquet file has its own");
    }
    for (String each : text.split(",(?![^(]*\\))", -1)) {
      Matcher type = TYPE.matcher(each.strip());
      if (!type.matches()) {
        throw ApiError.invalid(
            "types must be like id:VARCHAR,price:DOUBLE with BOOLEAN, INTEGER, BIGINT, DOUBLE,"
                + " DECIMAL(P,S), VARCHAR, DATE, TIME, TIMESTAMP or TIMESTAMPTZ, not '"
                + each
                + "'");
      }
      types.put(type.group(1), type.group(2).toUpperCase(Locale.ROOT));
    }
    return types;
  }
}
