package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import weir.event.EventTime;

class ClockCorrectionTest {
  private static final long RECEIVED = Rig.RECEIVED;
  private static final long YEAR = 365 * EventTime.MOST_AHEAD;

  private static final long TOLERANCE = 5_000_000;

  private static OptionalLong at(@Nullable Long original, @Nullable Long sentAt, boolean correct) {
    return ClockCorrection.timestamp(original, sentAt, correct, TOLERANCE, RECEIVED);
  }

  @Test
  void clockThatIsYearsOffIsCorrected() {
    assertThat(at(RECEIVED - 9 * YEAR, RECEIVED - 9 * YEAR + 60, true)).hasValue(RECEIVED - 60);
    assertThat(at(RECEIVED + 9 * YEAR, RECEIVED + 9 * YEAR + 60, true)).hasValue(RECEIVED - 60);
  }

  @Test
  void withoutSentAtTheClientIsBelieved() {
    assertThat(at(RECEIVED - YEAR, null, true)).hasValue(RECEIVED - YEAR);
    assertThat(at(RECEIVED + YEAR, null, true)).isEmpty();
  }

  @Test
  void withoutATimeItIsTheReceipt() {
    assertThat(at(null, null, true)).hasValue(RECEIVED);
    assertThat(at(null, RECEIVED - YEAR, true)).hasValue(RECEIVED);
    assertThat(at(null, RECEIVED - YEAR, false)).hasValue(RECEIVED);
  }

  /** A click, sent at once and slowly, comes after the page view that was sent later and faster. */
  @Test
  void latencyReordersNothing() {
    long viewed = RECEIVED - 2_000_000;
    long clicked = RECEIVED - 1_900_000;
    long slow = at(viewed, viewed + 1_000, true).orElseThrow();
    long fast =
        ClockCorrection.timestamp(clicked, clicked + 1_000, true, TOLERANCE, clicked + 3_000)
            .orElseThrow();
    assertThat(slow).isEqualTo(viewed);
    assertThat(fast).isEqualTo(clicked).isGreaterThan(slow);
  }

  @Test
  void onlyAClockBeyondTheToleranceIsWrong() {
    long original = RECEIVED - 60_000_000;
    for (long off : new long[] {0, 1, TOLERANCE - 1, TOLERANCE}) {
      assertThat(at(original, RECEIVED - off, true)).hasValue(original);
      assertThat(at(original, RECEIVED + off, true)).hasValue(original);
    }
    long wrong = TOLERANCE + 1;
    assertThat(at(original, RECEIVED - wrong, true)).hasValue(original + wrong);
    assertThat(at(original, RECEIVED + wrong, true)).hasValue(original - wrong);
  }

  @Test
  void importIsNotCorrected() {
    assertThat(at(RECEIVED - YEAR, RECEIVED, false)).hasValue(RECEIVED - YEAR);
    assertThat(at(RECEIVED - YEAR, RECEIVED - YEAR, false)).hasValue(RECEIVED - YEAR);
  }

  @Test
  void edges() {
    assertThat(at(EventTime.EARLIEST, null, false)).hasValue(EventTime.EARLIEST);
    assertThat(at(EventTime.EARLIEST - 1, null, false)).isEmpty();
    long ahead = RECEIVED + EventTime.MOST_AHEAD;
    assertThat(at(ahead, null, false)).hasValue(ahead);
    assertThat(at(ahead + 1, null, false)).isEmpty();
  }

  @Property
  void neverOverflows(@ForAll long original, @ForAll long sentAt, @ForAll boolean correct) {
    BigInteger received = BigInteger.valueOf(RECEIVED);
    BigInteger off = received.subtract(BigInteger.valueOf(sentAt));
    BigInteger exact =
        correct && off.abs().compareTo(BigInteger.valueOf(TOLERANCE)) > 0
            ? received.subtract(BigInteger.valueOf(sentAt)).add(BigInteger.valueOf(original))
            : BigInteger.valueOf(original);
    boolean possible =
        exact.compareTo(BigInteger.valueOf(EventTime.EARLIEST)) >= 0
            && exact.compareTo(received.add(BigInteger.valueOf(EventTime.MOST_AHEAD))) <= 0;
    assertThat(at(original, sentAt, correct))
        .isEqualTo(possible ? OptionalLong.of(exact.longValueExact()) : OptionalLong.empty());
  }
}
