package weir.server.schemas;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.event.ProjectProperties;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.metadata.KeyStore;
import weir.metadata.RefusedException;
import weir.process.Processor;
import weir.process.PropertySchema;

/**
 * Drops columns, in the order in which nothing can bring them back: the thread that decides stops
 * using them, durably; the lake commits all that was decided before; the table loses them in one
 * commit; that is remembered. Wherever the process ends, the next one goes on from the first step
 * that is not remembered, and to do a step again changes nothing.
 */
public final class LakeSchemas implements Schemas, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeSchemas.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final long AGAIN_SECONDS = 10;
  private static final long END_SECONDS = 2;

  private final PropertySchema schema;
  private final Processor processor;
  private final LakeWriter writer;
  private final Lake lake;
  private final KeyStore keys;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("column-removal").daemon().factory());

  private LakeSchemas(
      PropertySchema schema, Processor processor, LakeWriter writer, Lake lake, KeyStore keys) {
    this.schema = schema;
    this.processor = processor;
    this.writer = writer;
    this.lake = lake;
    this.keys = keys;
  }

  /** Goes on with what a process before this one had begun. */
  public static LakeSchemas start(
      PropertySchema schema, Processor processor, LakeWriter writer, Lake lake, KeyStore keys) {
    LakeSchemas schemas = new LakeSchemas(schema, processor, writer, lake, keys);
    var _ = schemas.worker.submit(schemas::removeAll);
    return schemas;
  }

  @Override
  public List<Column> list(String project) {
    return schema.describe(project).stream().map(LakeSchemas::column).toList();
  }

  @Override
  public ProjectProperties properties(String project) {
    return schema.properties(project);
  }

  private static Column column(PropertySchema.Described known) {
    State dropped = known.leftLake() ? State.DROPPED : State.LEAVING;
    return new Column(
        known.column().name(),
        known.column().columnName(),
        known.column().type().name().toLowerCase(Locale.ROOT),
        known.source(),
        known.since(),
        known.droppedAt().isEmpty() ? State.USED : dropped);
  }

  @Override
  public List<Column> drop(String project, Set<String> properties, Optional<String> source)
      throws IOException, InterruptedException, RefusedException {
    Set<String> unknown = new HashSet<>(properties);
    Set<String> names = new HashSet<>();
    Set<String> limiting = new HashSet<>();
    for (Column column : list(project)) {
      boolean isNamed = unknown.remove(column.property());
      boolean isOfSource = source.filter(column.source()::equals).isPresent();
      if (isNamed || (isOfSource && column.state() != State.DROPPED)) {
        names.add(column.property());
        limiting.addAll(List.of(column.property(), column.column()));
      }
    }
    if (!unknown.isEmpty()) {
      throw RefusedException.unknown("no property " + unknown.iterator().next() + " has a column");
    }
    keys.refuseWhileLimitedBy(project, limiting);
    try {
      processor.dropColumns(project, names).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      Future<?> removal = worker.submit(this::removeAll);
      removal.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      LOG.info("columns of {} are still being dropped", project);
    } catch (ExecutionException e) {
      throw new IOException("columns of " + project + " are not dropped", e);
    }
    return list(project).stream().filter(column -> names.contains(column.property())).toList();
  }

  private void removeAll() {
    try {
      for (var leaving : schema.leavingLake().entrySet()) {
        remove(leaving.getKey(), leaving.getValue());
      }
    } catch (IOException | ExecutionException | TimeoutException | RuntimeException e) {
      LOG.error("dropped columns are still in the lake; next try in {} s", AGAIN_SECONDS, e);
      if (!worker.isShutdown()) {
        var _ = worker.schedule(this::removeAll, AGAIN_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void remove(String project, Set<String> columns)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    writer.flush().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    Set<String> removed = lake.dropColumns(project, columns);
    schema.leftLake(project, columns);
    LOG.info(
        "{} columns of {} are dropped, {} of them in the lake",
        columns.size(),
        project,
        removed.size());
  }

  /** Ends it; what it is at goes on at the next start. */
  @Override
  public void close() {
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        LOG.info("columns that are being dropped go on after the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
