package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTypeTest {
  private final SettingType.Size size = new SettingType.Size(0, Long.MAX_VALUE);
  private final SettingType.Span span = SettingType.Span.between("0ms", "400d");

  @ParameterizedTest
  @CsvSource({"0,0", "10,10", "10B,10", "1KiB,1024", "10 MiB,10485760", "2GiB,2147483648"})
  void sizesAreReadInSteps(String text, long bytes) {
    assertThat(size.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "MiB", "-1", "1.5MiB", "10MB", "10mib", "1 Mi B", "99999999TiB"})
  void whatIsNoSizeIsRefused(String text) {
    assertThatThrownBy(() -> size.parse(text))
        .isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({"250ms,250", "30s,30000", "5m,300000", "2h,7200000", "7d,604800000", "0s,0"})
  void spansAreReadWithTheirUnit(String text, long millis) {
    assertThat(span.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void anAgeIsASpanOrForever() {
    SettingType.Age age = new SettingType.Age(span);
    assertThat(age.parse("forever")).isEmpty();
    assertThat(age.parse("30d")).contains(Duration.ofDays(30));
    assertThat(age.format(Optional.empty())).isEqualTo("forever");
    assertThat(age.format(Optional.of(Duration.ofDays(30)))).isEqualTo("30d");
    assertThatThrownBy(() -> age.parse("never")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "s", "-1s", "1.5h", "1w", "401d"})
  void whatIsNoSpanIsRefused(String text) {
    assertThatThrownBy(() -> span.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/weir.js", "/a/b-c/d_e.f~g", "/.well-known/x", "/..."})
  void pathsAreRead(String text) {
    assertThat(new SettingType.UrlPath().parse(" " + text + " ")).isEqualTo(text);
    assertThat(new SettingType.MaybeUrlPath().parse(text)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "weir.js", "/a/", "/a//b", "/a/../b", "/./a", "/a?b", "/a%20b", "/a b", "/ä"})
  void whatIsNoPathIsRefused(String text) {
    assertThatThrownBy(() -> new SettingType.UrlPath().parse(text))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new SettingType.MaybeUrlPath().parse("")).isEmpty();
  }

  @Test
  void boundsAreIncluded() {
    SettingType.Whole whole = new SettingType.Whole(1, 3);
    assertThat(whole.parse("1")).isEqualTo(1);
    assertThat(whole.parse("3")).isEqualTo(3);
    assertThatThrownBy(() -> whole.parse("0")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> whole.parse("4")).isInstanceOf(IllegalArgumentException.class);
  }

  @Property
  void everySizeRoundTrips(@ForAll @LongRange(min = 0) long bytes) {
    assertThat(size.parse(size.format(bytes))).isEqualTo(bytes);
  }

  @Property
  void everySpanRoundTrips(@ForAll @LongRange(min = 0, max = 34_000_000_000L) long millis) {
    Duration value = Duration.ofMillis(millis);
    assertThat(span.parse(span.format(value))).isEqualTo(value);
  }
}
