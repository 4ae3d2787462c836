package weir.server.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoppablesTest {
  private final List<String> stopped = new ArrayList<>();
  private final Stoppables stoppables = new Stoppables();

  private void add(String name) {
    AutoCloseable stop = () -> stopped.add(name);
    stoppables.add(name, stop);
  }

  @Test
  void stopsInReverseOrderAndOnce() {
    add("first");
    add("second");
    stoppables.close();
    stoppables.close();
    assertThat(stopped).containsExactly("second", "first");
  }

  @Test
  void oneFailureSkipsNothing() {
    add("first");
    AutoCloseable failing =
        () -> {
          throw new IOException("on purpose");
        };
    stoppables.add("failing", failing);
    AutoCloseable broken =
        () -> {
          throw new AssertionError("on purpose");
        };
    stoppables.add("broken", broken);
    add("last");
    stoppables.close();
    assertThat(stopped).containsExactly("last", "first");
  }

  @Test
  void whatIsStartedTooLateIsStoppedAtOnce() {
    stoppables.close();
    assertThatThrownBy(() -> add("late")).isInstanceOf(IllegalStateException.class);
    assertThat(stopped).containsExactly("late");
  }
}
