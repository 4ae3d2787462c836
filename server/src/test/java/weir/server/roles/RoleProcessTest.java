package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RoleProcessTest {
  @Test
  void anErrorThatEndsAThreadEndsTheProcessAndAnExceptionDoesNot() throws Exception {
    AtomicInteger ended = new AtomicInteger();
    for (Throwable failure :
        new Throwable[] {
          new IllegalStateException("one thread's"), new LinkageError("not loaded")
        }) {
      Thread thread =
          Thread.ofPlatform().name("test-failing").unstarted(() -> RoleProcessTest.fail(failure));
      thread.setUncaughtExceptionHandler(RoleProcess.onUncaught(ended::incrementAndGet));
      thread.start();
      thread.join();
      assertThat(ended.get()).isEqualTo(failure instanceof Error ? 1 : 0);
    }
  }

  private static void fail(Throwable failure) {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }
}
