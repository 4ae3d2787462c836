package weir.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BoundedExpressionsTest {
  private static JsonNode of(String expression, String document) throws IOException {
    return BoundedExpressions.evaluate(
        BoundedExpressions.read(expression),
        BoundedExpressions.JSON.readTree(document),
        new BoundedExpressions.Purse(document.length()));
  }

  @Test
  void functionsOfOurOwn() throws IOException {
    assertThat(of("upper(a)", "{\"a\":\"eur\"}").asText()).isEqualTo("EUR");
    assertThat(of("lower(a)", "{\"a\":\"EUR\"}").asText()).isEqualTo("eur");
    assertThat(of("divide(a, `4`)", "{\"a\":10}").asDouble()).isEqualTo(2.5);
    assertThat(of("multiply(a, `0.1`)", "{\"a\":3}").asDouble()).isEqualTo(0.3);
    assertThat(of("major_units(a, 'eur')", "{\"a\":1999}").asDouble()).isEqualTo(19.99);
    assertThat(of("major_units(a, 'JPY')", "{\"a\":1999}").asDouble()).isEqualTo(1999);
    assertThat(of("major_units(a, 'kwd')", "{\"a\":1999}").asDouble()).isEqualTo(1.999);
    assertThat(of("major_units(a, b)", "{}").isNull()).isTrue();
  }

  @Test
  void whatDoublesWithEachStepIsEnded() {
    for (String expression :
        List.of(
            "a" + "|[@,@]".repeat(60),
            "a" + "|[@,@][]".repeat(60),
            "a" + "|{a:@,b:@}".repeat(60),
            "a" + "|join('',[@,@])".repeat(60),
            "a" + "|to_string([@,@])".repeat(40),
            "a" + "|[@,@]".repeat(40) + "|to_string(@)",
            "a" + "|merge({x:@},{y:@})".repeat(50),
            "a" + "|map(&[@,@],[@,@])".repeat(50),
            "a" + "|[@,@]|sort_by(@,&'x')".repeat(40))) {
      assertThatThrownBy(() -> of(expression, "{\"a\":\"text\"}"))
          .as(expression)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatNestsIsReadOrRefused() {
    for (String expression :
        List.of(
            "(".repeat(450) + "a" + ")".repeat(450),
            "[".repeat(450) + "a" + "]".repeat(450),
            "!".repeat(900) + "a",
            "a" + "||a".repeat(300),
            "a" + "[0]".repeat(300),
            "(".repeat(900),
            "`" + "[".repeat(450) + "]".repeat(450) + "`")) {
      try {
        of(expression, "{\"a\":1}");
      } catch (IllegalArgumentException | IOException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void aLargeDocumentIsWithinTheBudget() throws IOException {
    String items = ("{\"a\":1,\"b\":\"" + "x".repeat(60) + "\"},").repeat(10_000);
    String document = "{\"items\":[" + items + "{}]}";
    assertThat(of("merge(@, {n: length(items)})", document).path("n").asInt()).isEqualTo(10_001);
  }

  @Test
  void theSameAlwaysComesOfTheSame() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> of("a" + "|[@,@]".repeat(30), "{\"a\":1}"))
          .hasMessageContaining("too much");
      assertThat(of("a" + "|[@,@]".repeat(12), "{\"a\":1}").size()).isEqualTo(2);
    }
  }

  /** Pieces put together at random: an answer or a reason, the same twice, and never more. */
  @Test
  void whateverIsAskedEnds() throws IOException {
    String[] pieces = {
      "a",
      "b",
      "@",
      "[*]",
      "[]",
      "[0]",
      "[?@]",
      "[::2]",
      ".*",
      ".a",
      "|",
      "||",
      "&&",
      "!",
      "[@,@]",
      "{x:@,y:@}",
      "(a)",
      "`1`",
      "`[[1],[2]]`",
      "'t'",
      "to_string(@)",
      "to_array(@)",
      "length(@)",
      "keys(@)",
      "values(@)",
      "sort(@)",
      "reverse(@)",
      "merge(@,{z:@})",
      "map(&[@,@],@)",
      "sort_by(@,&a)",
      "max_by(@,&b)",
      "join('',@)",
      "not_null(a,b)",
      "contains(@,'t')",
      "sum(@)",
      "upper(@)",
      "divide(a,b)",
      "multiply(a,a)",
      "major_units(a,'eur')",
      "to_number(@)",
      "a==b",
      "a<b",
      "type(@)"
    };
    String document =
        "{\"a\":[1,{\"a\":2,\"b\":\"t\"},[3,[4]],\"t\"],\"b\":{\"a\":1e300,\"b\":[\"u\",\"t\"]},"
            + "\"t\":\"12\"}";
    int answered = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      StringBuilder expression = new StringBuilder();
      for (int i = random.nextInt(12); i >= 0; i--) {
        String piece = pieces[random.nextInt(pieces.length)];
        boolean glued = piece.startsWith("[") || piece.startsWith(".") || random.nextInt(4) == 0;
        expression.append(expression.isEmpty() || glued ? "" : "|").append(piece);
      }
      String first = answer(expression.toString(), document);
      assertThat(answer(expression.toString(), document)).as("seed %d", seed).isEqualTo(first);
      answered += first.startsWith("=") ? 1 : 0;
    }
    assertThat(answered).isGreaterThan(1_000);
  }

  private static String answer(String expression, String document) throws IOException {
    try {
      return "=" + of(expression, document);
    } catch (IllegalArgumentException e) {
      return "!" + e.getMessage();
    }
  }
}
