package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.RawRequest;
import weir.decode.RawRequestCodec;
import weir.event.Position;
import weir.log.EventLog;
import weir.log.LogEntry;
import weir.log.LogReader;
import weir.log.embedded.EmbeddedLog;
import weir.log.embedded.LogOptions;
import weir.log.files.Files;

class CollectorOnDiskTest {
  @TempDir Path directory;

  private EventLog open() throws IOException {
    return EmbeddedLog.writer(Files.system(), directory, LogOptions.defaults(), () -> Door.NOW);
  }

  @Test
  void whatWasAnsweredIsThereAfterwards() throws Exception {
    int clients = 8;
    int each = 50;
    AtomicInteger accepted = new AtomicInteger();
    try (Door door = new Door(open())) {
      try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
        for (int c = 0; c < clients; c++) {
          int client = c;
          threads.submit(() -> {
            for (int i = 0; i < each; i++) {
              if (door.post("/v1/track", Door.track(client + "-" + i)).statusCode() == 200) {
                accepted.incrementAndGet();
              }
            }
            return client;
          });
        }
      }
    }
    assertThat(accepted).hasValue(clients * each);

    Set<Object> ids = new HashSet<>();
    Set<String> bodies = new HashSet<>();
    RawRequestCodec codec = new RawRequestCodec();
    try (EventLog log = open();
        LogReader reader = log.read(Position.START)) {
      for (LogEntry entry = reader.next(); entry != null; entry = reader.next()) {
        RawRequest request = codec.decode(((LogEntry.Frame) entry).payload());
        ids.add(request.id());
        bodies.add(new String(request.body(), java.nio.charset.StandardCharsets.UTF_8));
      }
    }
    assertThat(ids).hasSize(clients * each);
    assertThat(bodies).hasSize(clients * each);
  }
}
