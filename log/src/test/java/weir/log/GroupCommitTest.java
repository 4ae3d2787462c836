package weir.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import weir.event.Position;

class GroupCommitTest {
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  @Test
  void whatWaitsIsAppendedAtOnceAndInOrder() throws Exception {
    HeldLog log = new HeldLog();
    try (GroupCommit commit = new GroupCommit(log, 1_000, "test-log")) {
      submit(commit, "a");
      log.entered.await();
      submit(commit, "b");
      submit(commit, "c");
      submit(commit, "d");
      log.go.countDown();
      Awaitility.await().until(() -> told.size() == 4);
    }
    assertThat(log.batches).containsExactly(List.of("a"), List.of("b", "c", "d"));
    assertThat(told).containsExactly("a stored", "b stored", "c stored", "d stored");
  }

  @Test
  void aFullQueueRefusesAtOnceAndTakesAgainLater() throws Exception {
    HeldLog log = new HeldLog();
    try (GroupCommit commit = new GroupCommit(log, 10, "test-log")) {
      assertThat(submit(commit, "12345")).isTrue();
      log.entered.await();
      assertThat(submit(commit, "12345")).isTrue();
      assertThat(submit(commit, "1")).isFalse();
      assertThat(commit.queuedBytes()).isEqualTo(10);
      log.go.countDown();
      Awaitility.await().until(() -> commit.queuedBytes() == 0);
      assertThat(submit(commit, "1")).isTrue();
    }
    assertThat(told).hasSize(3);
  }

  @Test
  void closingAppendsWhatWaits() throws Exception {
    HeldLog log = new HeldLog();
    GroupCommit commit = new GroupCommit(log, 1_000, "test-log");
    submit(commit, "a");
    log.entered.await();
    submit(commit, "b");
    log.go.countDown();
    commit.close();
    assertThat(told).containsExactly("a stored", "b stored");
    assertThat(submit(commit, "c")).isFalse();
    commit.close();
  }

  @Test
  void aFrameThatTheLogRefusesFailsAlone() throws Exception {
    HeldLog log = new HeldLog();
    try (GroupCommit commit = new GroupCommit(log, 1_000, "test-log")) {
      submit(commit, "a");
      log.entered.await();
      submit(commit, "b");
      submit(commit, "too long");
      submit(commit, "c");
      log.go.countDown();
    }
    assertThat(told)
        .containsExactly("a stored", "b stored", "too long IllegalArgumentException", "c stored");
  }

  @Test
  void fullAndFailureReachEverybodyAndTheNextIsTried() throws Exception {
    HeldLog log = new HeldLog();
    log.go.countDown();
    try (GroupCommit commit = new GroupCommit(log, 1_000, "test-log")) {
      submit(commit, "full");
      Awaitility.await().until(() -> told.size() == 1);
      submit(commit, "fail");
      Awaitility.await().until(() -> told.size() == 2);
      submit(commit, "error");
      Awaitility.await().until(() -> told.size() == 3);
      submit(commit, "a");
    }
    assertThat(told)
        .containsExactly(
            "full full", "fail LogFailedException", "error LogFailedException", "a stored");
  }

  @Test
  void aCallbackThatThrowsHarmsNobody() {
    try (GroupCommit commit = new GroupCommit(new MemoryLog(), 1_000, "test-log")) {
      commit.submit(
          new byte[1],
          new GroupCommit.Callback() {
            @Override
            public void done(Appended outcome) {
              throw new IllegalStateException("meant");
            }

            @Override
            public void failed(Exception failure) {}
          });
      submit(commit, "a");
    }
    assertThat(told).containsExactly("a stored");
  }

  private boolean submit(GroupCommit commit, String text) {
    return commit.submit(
        text.getBytes(UTF_8),
        new GroupCommit.Callback() {
          @Override
          public void done(Appended outcome) {
            told.add(
                switch (outcome) {
                  case Appended.Stored stored -> text + " stored";
                  case Appended.Full full -> text + " full";
                });
          }

          @Override
          public void failed(Exception failure) {
            told.add(text + " " + failure.getClass().getSimpleName());
          }
        });
  }

  /** A log whose first append waits for a sign, and whose frames say what becomes of them. */
  private static final class HeldLog implements EventLog {
    final MemoryLog log = new MemoryLog();
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);
    final List<List<String>> batches = new ArrayList<>();

    @Override
    public Appended append(List<byte[]> batch) throws IOException {
      entered.countDown();
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      List<String> texts = batch.stream().map(frame -> new String(frame, UTF_8)).toList();
      if (texts.contains("too long")) {
        throw new IllegalArgumentException("too long");
      }
      if (texts.contains("fail")) {
        throw new LogFailedException("meant", new IOException("meant"));
      }
      if (texts.contains("error")) {
        throw new OutOfMemoryError("meant");
      }
      batches.add(texts);
      return texts.contains("full") ? new Appended.Full("meant") : log.append(batch);
    }

    @Override
    public LogReader read(Position from) throws IOException {
      return log.read(from);
    }

    @Override
    public Position durableEnd() {
      return log.durableEnd();
    }

    @Override
    public long bytesBetween(Position from, Position to) {
      return 0;
    }

    @Override
    public Position earliest() {
      return log.earliest();
    }

    @Override
    public void releaseBefore(Position position) {
      log.releaseBefore(position);
    }

    @Override
    public void close() {
      log.close();
    }
  }
}
