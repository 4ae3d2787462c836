package weir.server.statements;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import weir.server.loopback.LoopbackAddress;

class StatementTryTest {
  private final StatementTry first = StatementTry.first(true);
  private final Blamed place = new Blamed();

  private static final class Blamed implements Statements.Place {
    private final List<Boolean> endings = new ArrayList<>();

    @Override
    public LoopbackAddress address() {
      return new LoopbackAddress(1, "secret");
    }

    @Override
    public void ending(boolean toBlame) {
      endings.add(toBlame);
    }

    @Override
    public CompletableFuture<Statements.Fate> lost() {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {
      // nobody counts
    }
  }

  @Test
  void whatAnotherOneTookAlongIsTriedOnceMore() {
    assertThat(first.isToRepeat(place, "lost")).isTrue();
    assertThat(first.again().isToRepeat(place, "lost")).isFalse();
    assertThat(StatementTry.first(false).isToRepeat(place, "lost")).isFalse();
    assertThat(place.endings).containsOnly(false);
    assertThat(first.lost(place, Statements.Fate.AGAIN)).isEmpty();
    assertThat(first.lost(place, Statements.Fate.ONCE_MORE)).isEmpty();
    assertThat(first.again().lost(place, Statements.Fate.AGAIN)).hasValue(StatementFailure.LOST);
  }

  @Test
  void whatEndedItsProcessIsNot() {
    assertThat(first.isToRepeat(place, "too_expensive")).isFalse();
    assertThat(place.endings).containsExactly(true);
    for (Statements.Fate fate : List.of(Statements.Fate.TOO_EXPENSIVE, Statements.Fate.LOST)) {
      assertThat(first.lost(place, fate)).hasValue(StatementFailure.of(fate));
    }
  }

  /** Alone in a process that ended, twice: it is the reason, and its key is to wait. */
  @Test
  void whoMeetsAnEndingProcessTwiceIsToBlame() {
    assertThat(first.lost(place, Statements.Fate.ONCE_MORE)).isEmpty();
    assertThat(place.endings).isEmpty();
    assertThat(first.again().lost(place, Statements.Fate.ONCE_MORE))
        .hasValue(StatementFailure.TOO_EXPENSIVE);
    assertThat(place.endings).containsExactly(true);
  }

  @Test
  void anAddressKeepsItsToken() {
    assertThat(place.address()).hasToString("127.0.0.1:1");
    assertThat(place.address().authorization()).isEqualTo("Bearer secret");
  }
}
