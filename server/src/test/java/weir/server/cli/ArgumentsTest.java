package weir.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArgumentsTest {
  private static String[] of(String... typed) {
    return Arguments.of(WeirCommand.commandLine(), typed);
  }

  @Test
  void sqlThatBeginsWithACommentIsNoOption() {
    assertThat(of("query", "--limit", "5", "-- newest\nselect 1"))
        .containsExactly("query", "--limit", "5", " -- newest\nselect 1");
    assertThat(of("table", "keep", "x", "--all = of it\nselect 1"))
        .containsExactly("table", "keep", "x", " --all = of it\nselect 1");
  }

  @Test
  void optionsAndTheirValuesStayAsTheyAre() {
    for (String[] typed :
        new String[][] {
          {"query", "select ?", "--param", "-- text of its own"},
          {"query", "select ?", "--param=-- a"},
          {"key", "create", "--name=a b"},
          {"query", "select 1", "--", "--x"},
        }) {
      assertThat(of(typed)).containsExactly(typed);
    }
  }

  @Test
  void onlyYesConfirms() {
    assertThat(Confirmation.of("Drop?", prompt -> prompt.equals("Drop? [y/N] ") ? "Y " : "no"))
        .isTrue();
    assertThat(Confirmation.of("Drop?", prompt -> "yes")).isTrue();
    for (String no : new String[] {"", "n", "yesterday"}) {
      assertThat(Confirmation.of("Drop?", prompt -> no)).isFalse();
    }
    assertThat(Confirmation.of("Drop?", prompt -> null)).isFalse();
  }
}
