package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.query.Access;
import weir.query.RowLimit;
import weir.query.duckdb.TestEngine;
import weir.query.duckdb.TestProject;
import weir.query.duckdb.TestProject.Json;
import weir.query.kept.KeptEvents;
import weir.query.kept.RowDisk;

/** Dishes that are viewed and ordered: funnels that match, and distributions, in each state. */
final class DishesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final InstantSource NOW =
      InstantSource.fixed(Instant.parse("2026-03-02T00:00:00Z"));
  private static final String ORDERED =
      "\"steps\":[{\"event\":\"Viewed\"},{\"event\":\"Ordered\"}],\"match\":[\"dish\"]";
  private static final String VIEWS = "\"events\":[\"Viewed\"]";

  @TempDir Path dir;
  private TestProject project;
  private Insights insights;
  private Insights kept;
  private int sent;

  @BeforeEach
  void open() throws Exception {
    project = new TestProject(dir);
    insights = new Insights(project.engine(), project.lake(), NOW, Optional.empty());
    KeptEvents events =
        new KeptEvents(project.engine().events(), 64 << 20, RowDisk.NONE, System::nanoTime);
    kept = new Insights(project.engine(), project.lake(), NOW, Optional.of(events));
  }

  @AfterEach
  void close() throws Exception {
    project.close();
  }

  private void track(String event, String actor, Map<String, Object> properties) throws Exception {
    project.track(event, actor, 1_000_000L * sent++, properties);
  }

  private JsonNode ask(Insights asked, Access access, String kind, String fields) throws Exception {
    byte[] body = ("{" + fields + "}").getBytes(StandardCharsets.UTF_8);
    byte[] answer =
        TestEngine.on(
            project.engine(), () -> asked.answer(kind, access, body, TestEngine.deadline()));
    ObjectNode json = (ObjectNode) JSON.readTree(answer);
    json.remove("stats");
    return json;
  }

  /** The answer of a statement, which is that from kept events too. */
  private JsonNode ask(String kind, String fields) throws Exception {
    Access all = Access.to(TestProject.NAME);
    JsonNode answer = ask(insights, all, kind, fields);
    ask(kept, all, kind, fields);
    assertThat(ask(kept, all, kind, fields)).isEqualTo(answer);
    return answer;
  }

  private static List<Long> counts(JsonNode array) {
    List<Long> counts = new ArrayList<>();
    array.forEach(each -> counts.add(each.path("count").asLong()));
    return counts;
  }

  private void someDiners() throws Exception {
    track("Viewed", "ann", Map.of("dish", "soup", "seconds", 4.0));
    track("Viewed", "ann", Map.of("dish", "cake", "seconds", 9.0));
    track("Ordered", "ann", Map.of("dish", "cake"));
    track("Viewed", "bob", Map.of("dish", "soup", "seconds", 2.0));
    track("Ordered", "bob", Map.of("dish", "cake"));
  }

  @Test
  void nothingYet() throws Exception {
    assertThat(counts(ask("funnel", ORDERED).path("steps"))).containsExactly(0L, 0L);
    JsonNode none = ask("distribution", VIEWS + ",\"of\":\"seconds\"");
    assertThat(none.path("bins")).isEmpty();
    assertThat(none.path("quantiles").path("0.5").isNull()).isTrue();
    assertThat(none.path("count").asLong()).isZero();
    assertThat(none.path("notes")).hasSize(2);
    JsonNode edges = ask("distribution", VIEWS + ",\"edges\":[0,10,20]");
    assertThat(counts(edges.path("bins"))).containsExactly(0L, 0L);
  }

  @Test
  void inTheTailInTheLakeAndInBoth() throws Exception {
    someDiners();
    project.awaitAll();
    check(1);
    project.commit();
    project.awaitAll();
    check(1);
    track("Viewed", "cid", Map.of("dish", "soup", "seconds", 30.0));
    track("Ordered", "cid", Map.of("dish", "soup"));
    project.awaitAll();
    check(2);
  }

  private void check(int matched) throws Exception {
    assertThat(counts(ask("funnel", ORDERED).path("steps")))
        .containsExactly(1L + matched, (long) matched);
    JsonNode seconds = ask("distribution", VIEWS + ",\"of\":\"seconds\",\"edges\":[0,3,9]");
    assertThat(counts(seconds.path("bins"))).containsExactly(1L, 2L);
    assertThat(seconds.path("above").asLong()).isEqualTo(matched - 1);
    assertThat(seconds.path("missing").asLong()).isZero();
    JsonNode each = ask("distribution", VIEWS + ",\"breakdown\":\"dish\"");
    assertThat(counts(each.path("bins"))).containsExactly((long) matched, 1L);
    assertThat(each.path("breakdown").path(0).path("breakdown").asText()).isEqualTo("soup");
    assertThat(counts(each.path("breakdown"))).containsExactly(1L + matched, 1L);
  }

  @Test
  void aLimitedKeyCountsItsRowsAlone() throws Exception {
    someDiners();
    project.awaitAll();
    Access limited = new Access(TestProject.NAME, "key", Optional.of(new RowLimit("dish", "soup")));
    assertThat(counts(ask(kept, limited, "funnel", ORDERED).path("steps"))).containsExactly(2L, 0L);
    JsonNode views = ask(kept, limited, "distribution", VIEWS + ",\"persons\":{\"bin\":1}");
    assertThat(counts(views.path("bins"))).containsExactly(2L);
    assertThat(views.path("persons")).extracting(JsonNode::asText).containsExactly("ann", "bob");
  }

  /** As a breakdown calls them the same; a value that is none is part of no attempt. */
  @Test
  void aNumberAndItsTextAreTheSameValue() throws Exception {
    track("Viewed", "ann", Map.of("dish", 7.0));
    track("Ordered", "ann", Map.of("dish", "7"));
    track("Viewed", "bob", Map.of("dish", "7.0"));
    track("Ordered", "bob", Map.of("dish", 7.0));
    track("Viewed", "cid", Map.of());
    track("Ordered", "cid", Map.of());
    track("Viewed", "dan", Map.of("dish", new Json("[1,2]")));
    track("Ordered", "dan", Map.of("dish", new Json("[1,2]")));
    project.awaitAll();
    JsonNode answer = ask("funnel", ORDERED + ",\"breakdown\":\"dish\"");
    assertThat(counts(answer.path("steps"))).containsExactly(3L, 2L);
    assertThat(answer.path("breakdown"))
        .extracting(part -> part.path("breakdown").asText())
        .containsExactlyInAnyOrder("7", "7.0", "[1,2]");
  }

  @Test
  void severalPropertiesAreTheSameEach() throws Exception {
    track("Viewed", "ann", Map.of("dish", "a:1", "table", "2"));
    track("Ordered", "ann", Map.of("dish", "a", "table", ":12"));
    track("Viewed", "bob", Map.of("dish", "a", "table", "2"));
    track("Ordered", "bob", Map.of("dish", "a", "table", "2"));
    track("Viewed", "cid", Map.of("dish", "a"));
    track("Ordered", "cid", Map.of("dish", "a"));
    project.awaitAll();
    String both = ORDERED.replace("[\"dish\"]", "[\"dish\",\"table\"]");
    assertThat(counts(ask("funnel", both).path("steps"))).containsExactly(2L, 1L);
    String fixed = ORDERED.replace("dish", "event");
    assertThat(counts(ask("funnel", fixed).path("steps"))).containsExactly(3L, 0L);
    String time = ORDERED.replace("dish", "timestamp");
    assertThat(counts(ask("funnel", time).path("steps"))).containsExactly(3L, 0L);
    String person = ORDERED.replace("dish", "person_id");
    assertThat(counts(ask("funnel", person).path("steps"))).containsExactly(3L, 3L);
  }

  /** What lies between two steps ends an attempt whatever its own value is. */
  @Test
  void strictAndExcludeMeanEventsOfAllValues() throws Exception {
    track("Viewed", "ann", Map.of("dish", "soup"));
    track("Viewed", "ann", Map.of("dish", "cake"));
    track("Ordered", "ann", Map.of("dish", "soup"));
    track("Viewed", "bob", Map.of("dish", "soup"));
    track("Left", "bob", Map.of("dish", "cake"));
    track("Ordered", "bob", Map.of("dish", "soup"));
    project.awaitAll();
    assertThat(counts(ask("funnel", ORDERED).path("steps"))).containsExactly(2L, 2L);
    assertThat(counts(ask("funnel", ORDERED + ",\"order\":\"strict\"").path("steps")))
        .containsExactly(2L, 0L);
    assertThat(counts(ask("funnel", ORDERED + ",\"exclude\":[{\"event\":\"Left\"}]").path("steps")))
        .containsExactly(2L, 1L);
  }

  @Test
  void numbersAreThoseThatSumsCount() throws Exception {
    for (Object depth : new Object[] {25.0, "50", true, "far", "", new Json("[9]")}) {
      track("Scrolled", "ann", Map.of("depth", depth));
    }
    track("Scrolled", "ann", Map.of());
    project.awaitAll();
    JsonNode answer = ask("distribution", "\"of\":\"depth\",\"bins\":2");
    assertThat(answer.path("count").asLong()).isEqualTo(3);
    assertThat(answer.path("missing").asLong()).isEqualTo(4);
    assertThat(answer.path("min").asDouble()).isEqualTo(1);
    assertThat(answer.path("max").asDouble()).isEqualTo(50);
    JsonNode person = ask("distribution", "\"of\":\"depth\",\"per\":\"person\"");
    assertThat(person.path("quantiles").path("0.5").asDouble()).isEqualTo(50);
  }

  /** Sums of doubles depend on their order, and what is taken back must be what was added. */
  @Test
  void aSumThatGrowsIsOneNumber() throws Exception {
    Random random = new Random(7);
    String fields =
        "\"of\":\"price\",\"per\":\"person\",\"aggregate\":\"sum\",\"edges\":[0,1000000]";
    for (int round = 0; round < 25; round++) {
      for (int i = 0; i < 4; i++) {
        double price = random.nextDouble() * Math.pow(10, random.nextInt(5));
        String person = "p" + random.nextInt(2);
        project.track("Ordered", person, random.nextInt(4) * 1_000L, Map.of("price", price));
      }
      if (round % 4 == 0) {
        project.commit();
      }
      project.awaitAll();
      JsonNode answer = ask(kept, Access.to(TestProject.NAME), "distribution", fields);
      JsonNode stated = ask(insights, Access.to(TestProject.NAME), "distribution", fields);
      assertThat(answer.path("bins")).as("round %d", round).isEqualTo(stated.path("bins"));
      assertThat(answer.path("max").asDouble())
          .isCloseTo(stated.path("max").asDouble(), within(1e-6));
    }
  }

  @Test
  void namesThatWereNeverSeenAreSaid() throws Exception {
    someDiners();
    project.commit();
    project.awaitAll();
    JsonNode answer = ask("distribution", "\"events\":[\"Vewed\"],\"of\":\"secnds\"");
    assertThat(answer.path("notes"))
        .extracting(note -> note.path("code").asText() + " " + note.at("/nearest/0").asText())
        .containsExactly("unknown_event Viewed", "unknown_property seconds");
    assertThat(ask("distribution", VIEWS).has("notes")).isFalse();
    JsonNode funnel = ask("funnel", ORDERED.replace("dish", "dsh"));
    assertThat(funnel.path("notes"))
        .extracting(note -> note.path("code").asText())
        .contains("unknown_property");
  }
}
