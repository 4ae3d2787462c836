package weir.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RakamSubscriptionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"collections\":\"ordered\"}",
        "{\"collections\":{}}",
        "{\"collections\":[{\"name\":\"ordered\"}],\"columns\":\"dish\"}",
        "{\"collections\":[{\"name\":\"ordered\",\"filter\":{\"dish\":\"pie\"}}]}",
        "{\"collections\":[{\"name\":\"ordered\",\"filter\":[]}]}"
      })
  void whatNarrowsIsRefusedWhereItCannotBeRead(String data) {
    assertThatThrownBy(() -> RakamSubscription.parse(data)).isInstanceOf(ApiError.Thrown.class);
  }

  @Test
  void whatIsNotThereOrNullIsForAll() {
    assertThat(RakamSubscription.parse("{}").events()).isEmpty();
    RakamSubscription read =
        RakamSubscription.parse(
            "{\"collections\":[{\"name\":\"ordered\",\"filter\":null}],\"columns\":null}");
    assertThat(read.events()).containsExactly("ordered");
    assertThat(read.columns()).isEmpty();
  }
}
