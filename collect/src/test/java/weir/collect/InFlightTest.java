package weir.collect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class InFlightTest {
  private static final WriteKey A = new WriteKey("a", "p", "s", true);
  private static final WriteKey B = new WriteKey("b", "p", "s", true);

  private final InFlight inFlight = new InFlight(1_000);

  /** How many bodies of ten bytes somebody gets in. */
  private int fill(InFlight.Share share) {
    int bodies = 0;
    while (inFlight.reserve(share, 0, 10)) {
      bodies++;
    }
    return bodies;
  }

  @Test
  void oneGetsHalfAndTwoAThirdEach() {
    assertThat(fill(inFlight.of(A))).isEqualTo(50);
    assertThat(fill(inFlight.of(B))).isEqualTo(25);
    assertThat(inFlight.bytes()).isEqualTo(750);
    for (int released = 0; released < 17; released++) {
      inFlight.release(inFlight.of(A), 10);
    }
    assertThat(fill(inFlight.of(B))).isEqualTo(8);
    assertThat(fill(inFlight.of(A))).isZero();
    assertThat(inFlight.bytes()).isEqualTo(330 + 330);
  }

  @Test
  void oneBodyMayTakeWhatThereIs() {
    assertThat(inFlight.reserve(inFlight.of(A), 0, 600)).isTrue();
    assertThat(inFlight.reserve(inFlight.of(A), 600, 400)).isTrue();
    assertThat(inFlight.reserve(inFlight.of(A), 1_000, 1)).isFalse();
    assertThat(inFlight.reserve(inFlight.of(B), 0, 1)).isFalse();
    inFlight.release(inFlight.of(A), 1_000);
    assertThat(inFlight.bytes()).isZero();
    assertThat(fill(inFlight.of(A))).isEqualTo(50);
  }

  @Test
  void aBodyBecomesItsKeysWhenThatIsKnown() {
    InFlight.Share stranger = inFlight.of("203.0.113.7");
    assertThat(inFlight.reserve(stranger, 0, 400)).isTrue();
    assertThat(inFlight.move(stranger, inFlight.of(A), 400)).isTrue();
    assertThat(inFlight.reserve(stranger, 0, 300)).isTrue();
    assertThat(inFlight.move(stranger, inFlight.of(A), 300)).as("700 held, 300 free").isFalse();
    inFlight.release(stranger, 300);
    inFlight.release(inFlight.of(A), 400);
    assertThat(fill(stranger)).isEqualTo(50);
  }
}
