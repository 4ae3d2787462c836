package weir.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupTest {
  private static Group of(String name, Framing framing) {
    return new Group(
        new EventFilter("shop", Set.of(name), Map.of(), Optional.empty(), Optional.empty()),
        framing);
  }

  @Test
  void whoAsksForTheSameIsOfTheSame() {
    assertThat(of("viewed", Framing.SSE)).isEqualTo(of("viewed", Framing.SSE));
    assertThat(of("viewed", new RakamFraming(Set.of("_user", "price"))))
        .isEqualTo(of("viewed", new RakamFraming(Set.of("price", "_user"))));
  }

  @Test
  void whoAsksForAnythingElseIsNot() {
    assertThat(of("viewed", Framing.SSE))
        .isNotEqualTo(of("ordered", Framing.SSE))
        .isNotEqualTo(of("viewed", Framing.LINES))
        .isNotEqualTo(of("viewed", new RakamFraming(Set.of())));
    assertThat(of("viewed", new RakamFraming(Set.of("price"))))
        .isNotEqualTo(of("viewed", new RakamFraming(Set.of("_user"))));
  }
}
