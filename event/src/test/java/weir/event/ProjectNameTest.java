package weir.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProjectNameTest {
  @Test
  void namesAreOfAFewCharacters() {
    for (String good : List.of("shop", "0", "my-shop_2", "a".repeat(63))) {
      assertThat(ProjectName.of(good)).hasValue(new ProjectName(good));
      assertThat(new ProjectName(good)).hasToString(good);
    }
    for (String bad :
        List.of(
            "",
            "Shop",
            "_shop",
            "-shop",
            "a.b",
            "a/b",
            "..",
            "a b",
            "a\n",
            "gr\u00f6\u00dfe",
            "a".repeat(64))) {
      assertThat(ProjectName.of(bad)).as(bad).isEmpty();
      assertThatThrownBy(() -> new ProjectName(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not a project name");
    }
  }

  @Property
  void aNameIsOneFolderBelowAnyOther(@ForAll String text) {
    ProjectName.of(text)
        .ifPresent(name -> {
          Path folder = Path.of("warehouse").resolve(name.value()).normalize();
          assertThat(folder.getParent()).isEqualTo(Path.of("warehouse"));
          assertThat(folder.getFileName()).hasToString(text);
        });
  }
}
