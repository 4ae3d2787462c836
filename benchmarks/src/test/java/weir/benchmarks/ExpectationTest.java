package weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import weir.benchmarks.Expectation.Found;
import weir.benchmarks.Expectation.Totals;

class ExpectationTest {
  private static final Expectation EXPECTATION =
      new Expectation(Set.of("a", "b", "bad-c"), Set.of("a", "b", "bad-c", "d"), 4, 6);

  private static Totals totals(long accepted, long loaded, long quarantined, long duplicate) {
    return new Totals(accepted, 0, loaded, quarantined, duplicate, 0, 0);
  }

  @Test
  void everyAcknowledgedEventOnceIsRight() {
    assertThat(
            EXPECTATION.violations(
                new Found(List.of("a", "b"), List.of("bad-c"), totals(4, 2, 1, 1))))
        .isEmpty();
  }

  @Test
  void anUnansweredEventMayBeThereOnce() {
    assertThat(
            EXPECTATION.violations(
                new Found(List.of("a", "b", "d"), List.of("bad-c"), totals(5, 3, 1, 1))))
        .isEmpty();
  }

  @Test
  void aLostEventIsFound() {
    assertThat(
            EXPECTATION.violations(new Found(List.of("a"), List.of("bad-c"), totals(4, 1, 1, 2))))
        .singleElement()
        .asString()
        .contains("in no table")
        .contains("[b]");
  }

  @Test
  void aDoubledEventIsFound() {
    assertThat(
            EXPECTATION.violations(
                new Found(List.of("a", "a", "b"), List.of("bad-c"), totals(4, 3, 1, 0))))
        .singleElement()
        .asString()
        .contains("more than once")
        .contains("[a]");
  }

  @Test
  void anEventThatNobodySentIsFound() {
    assertThat(
            EXPECTATION.violations(
                new Found(List.of("a", "b", "z"), List.of("bad-c"), totals(4, 3, 1, 0))))
        .singleElement()
        .asString()
        .contains("never sent");
  }

  @Test
  void aLedgerThatIsWrongIsFound() {
    Found unbalanced = new Found(List.of("a", "b"), List.of("bad-c"), totals(5, 2, 1, 1));
    assertThat(EXPECTATION.violations(unbalanced)).asString().contains("not balanced");
    Found forgetful = new Found(List.of("a", "b"), List.of("bad-c"), totals(3, 2, 1, 0));
    assertThat(EXPECTATION.violations(forgetful)).asString().contains("accepted by the ledger");
    Found other = new Found(List.of("a", "b"), List.of("bad-c"), totals(4, 1, 2, 1));
    assertThat(EXPECTATION.violations(other)).hasSize(2);
  }
}
