package weir.tools.undo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.lake.NamedSnapshot;
import weir.lake.stored.NamedSnapshots;
import weir.lake.upkeep.LakeErasure;
import weir.lake.writing.Lake;
import weir.lake.writing.LakeWriter;
import weir.process.Processor;
import weir.tools.importing.ImportId;

/**
 * Takes imports out of the lake and out of the index of duplicates, one after the other.
 *
 * <p>First all that was sent is decided and committed. Then a record is written that names the ids;
 * until it is there, nothing has changed, and from then on all of the import goes: what ends the
 * process is gone on with when it starts again. The lake erases the events in one commit, the index
 * gives their ids back, and the record is deleted. Bad events, which nothing but the table knows,
 * go in a commit of their own.
 */
public final class LakeImports implements Imports, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LakeImports.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long END_SECONDS = 2;

  private final Path folder;
  private final LakeErasure erasure;
  private final NamedSnapshots snapshots;
  private final LakeWriter writer;
  private final Processor processor;
  private final Map<Key, Undo> undos = new ConcurrentHashMap<>();
  private final Object counting = new Object();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("import-undo").daemon().factory());

  private record Key(String project, ImportId id) {}

  /** How far one is. */
  private static final class Undo {
    private volatile String state = "running";
    private volatile String step = "waiting for its turn";
    private volatile String problem = "";
    private volatile long erased;
    private volatile long badEvents;
    private volatile List<String> snapshots = List.of();

    ObjectNode json() {
      ObjectNode json = JSON.createObjectNode().put("state", state).put("step", step);
      json.put("erased", erased).put("bad_events", badEvents);
      snapshots.forEach(json.putArray("snapshots")::add);
      return problem.isEmpty() ? json : json.put("problem", problem);
    }
  }

  private LakeImports(Path folder, Lake lake, LakeWriter writer, Processor processor) {
    this.folder = folder;
    this.erasure = lake.erasure();
    this.snapshots = lake.namedSnapshots();
    this.writer = writer;
    this.processor = processor;
  }

  /**
   * Goes on with what a process before this one had begun.
   *
   * @param folder for the records of what is being taken out; made if it is missing
   */
  public static LakeImports start(Path folder, Lake lake, LakeWriter writer, Processor processor)
      throws IOException {
    LakeImports imports = new LakeImports(folder, lake, writer, processor);
    Files.createDirectories(folder);
    try (Stream<Path> left = Files.list(folder)) {
      for (Path file : left.toList()) {
        if (file.toString().endsWith(UndoRecord.SUFFIX)) {
          UndoRecord record = UndoRecord.read(file);
          LOG.info("import {} of {} goes on being taken out", record.id().text(), record.project());
          imports.begin(new Key(record.project(), record.id()));
        } else {
          Files.delete(file);
        }
      }
    } catch (IOException | RuntimeException e) {
      imports.close();
      throw e;
    }
    return imports;
  }

  @Override
  public String describe(String project, ImportId id, Duration wait)
      throws IOException, InterruptedException {
    ObjectNode json = JSON.createObjectNode().put("import", id.text());
    Undo undo = undos.get(new Key(project, id));
    if (undo != null) {
      return json.set("undo", undo.json()).toString();
    }
    if (!settle(wait)) {
      return json.put("decided", false).toString();
    }
    synchronized (counting) {
      LakeErasure.Count count = erasure.count(project, id.mark());
      return json.put("decided", true)
          .put("events", count.events())
          .put("bad_events", count.badEvents())
          .toString();
    }
  }

  @Override
  public String undo(String project, ImportId id) {
    Undo undo = begin(new Key(project, id));
    return JSON.createObjectNode().put("import", id.text()).set("undo", undo.json()).toString();
  }

  private Undo begin(Key key) {
    return undos.compute(
        key,
        (ignored, before) -> {
          if (before != null && before.state.equals("running")) {
            return before;
          }
          Undo undo = new Undo();
          worker.execute(() -> run(key, undo));
          return undo;
        });
  }

  private void run(Key key, Undo undo) {
    try {
      undo(key, undo);
      undo.step = "done";
      undo.state = "done";
    } catch (IOException | RuntimeException e) {
      LOG.error("import {} of {} is not taken out", key.id().text(), key.project(), e);
      undo.problem = String.valueOf(e.getMessage());
      undo.state = "failed";
    } catch (InterruptedException e) {
      undo.problem = "the engine stops; it goes on when it starts again";
      undo.state = "failed";
    }
  }

  private void undo(Key key, Undo undo) throws IOException, InterruptedException {
    Path file = UndoRecord.place(folder, key.project(), key.id());
    UndoRecord record = Files.exists(file) ? UndoRecord.read(file) : null;
    if (record == null) {
      record = find(key, undo);
    }
    undo.snapshots = snapshots.list(key.project()).stream().map(NamedSnapshot::name).toList();
    if (record.events() == 0) {
      eraseBadEvents(key, UUID.randomUUID().toString(), undo);
      return;
    }
    undo.step = "taking " + record.events() + " events out of the lake";
    erasure.erase(
        key.project(),
        key.id().mark(),
        record.commit(),
        (done, all) ->
            undo.step = "taking events out of the lake: " + done + " of " + all + " files");
    undo.erased = record.events();
    eraseBadEvents(key, record.commit(), undo);
    undo.step = "forgetting their ids";
    UndoRecord found = record;
    record.ids(some -> giveBack(found, some));
    record.delete();
  }

  private void eraseBadEvents(Key key, String commit, Undo undo) throws IOException {
    undo.step = "taking its bad events out";
    undo.badEvents = erasure.eraseBadEvents(key.project(), key.id().mark(), commit);
  }

  private UndoRecord find(Key key, Undo undo) throws IOException, InterruptedException {
    undo.step = "committing what is not in the lake yet";
    if (!settle(PATIENCE)) {
      throw new IOException("the newest events are not in the lake yet; try again");
    }
    undo.step = "looking for its events";
    try (UndoRecord.Writing writing = new UndoRecord.Writing(folder, key.project(), key.id())) {
      erasure.find(
          key.project(),
          key.id().mark(),
          new LakeErasure.Found() {
            @Override
            public void event(String eventId, long receivedAt) throws IOException {
              writing.event(eventId, receivedAt);
            }

            @Override
            public void progress(int done, int all) {
              undo.step = "looking for its events: " + done + " of " + all + " files";
            }
          });
      return writing.events() == 0 ? writing.none() : writing.finish();
    }
  }

  private void giveBack(UndoRecord record, List<String> ids)
      throws IOException, InterruptedException {
    try {
      processor
          .giveBack(record.project(), ids, record.from(), record.to())
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the ids are not forgotten yet; it goes on when asked again", e);
    }
  }

  /** Whether all that the collector has taken is in the lake, in time. */
  private boolean settle(Duration wait) throws IOException, InterruptedException {
    try {
      if (!processor.awaitCaughtUp(wait)) {
        return false;
      }
      writer.flush().get(Math.max(1_000, wait.toMillis()), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | IllegalStateException e) {
      throw new IOException("the lake cannot be written now; see the engine's log", e);
    }
  }

  /** Ends it; what it is at goes on at the next start. */
  @Override
  public void close() {
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        LOG.info("an import that is being taken out goes on after the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
