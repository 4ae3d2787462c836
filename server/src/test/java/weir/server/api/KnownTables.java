package weir.server.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import weir.metadata.Asker;
import weir.server.tables.Cancellation;
import weir.server.tables.TableException;
import weir.server.tables.Tables;

/** Tables whose contents are told back, and kept nowhere. */
final class KnownTables implements Tables {
  static final long LIMIT = 1000;

  /** A table named slow is being stored until nobody waits for it. */
  final CountDownLatch storing = new CountDownLatch(1);

  final CountDownLatch cancelled = new CountDownLatch(1);

  /** What is known of a table named slow is told when this is counted down. */
  final CountDownLatch told = new CountDownLatch(1);

  @Override
  public long uploadLimit() {
    return LIMIT;
  }

  @Override
  public void check(String name, long bytes) throws TableException {
    if (name.equals("taken")) {
      throw TableException.of(409, "taken", "it is taken");
    }
    if (bytes > LIMIT) {
      throw TableException.of(413, "too_large", "it is too large");
    }
  }

  @Override
  public Path newFile() throws IOException {
    Path file = Files.createTempFile("weir-upload", ".csv");
    Files.delete(file);
    return file;
  }

  @Override
  public Stored put(String project, String name, Upload upload, Cancellation cancellation)
      throws IOException {
    if (name.equals("slow")) {
      storing.countDown();
      while (!cancellation.isCancelled()) {
        Thread.onSpinWait();
      }
      cancelled.countDown();
    }
    String body = Files.readString(upload.file());
    Files.delete(upload.file());
    return new Stored(
        name.equals("plans"), project + " " + upload.format() + " " + upload.types() + " " + body);
  }

  @Override
  public Stored keep(Asker asker, byte[] request, Cancellation cancellation) throws TableException {
    throw TableException.of(400, "invalid_sql", "it is no SQL");
  }

  @Override
  public String list(String project, Optional<String> after, int limit) {
    return "{\"after\":\"" + after.orElse("") + "\",\"limit\":" + limit + "}";
  }

  @Override
  public Optional<String> describe(String project, String name) throws IOException {
    if (name.equals("slow")) {
      try {
        told.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    return name.equals("plans") ? Optional.of("{}") : Optional.empty();
  }

  @Override
  public boolean drop(String project, String name) {
    return name.equals("plans");
  }
}
