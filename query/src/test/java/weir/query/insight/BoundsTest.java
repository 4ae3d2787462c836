package weir.query.insight;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.query.Access;
import weir.query.QueryError;
import weir.query.QueryException;
import weir.query.duckdb.TestEngine;
import weir.query.duckdb.TestProject;

/** Questions whose answers would be endless, or that ask beyond all times: said, and cheap. */
class BoundsTest {
  private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").getEpochSecond();
  private static final long FIRST = Instant.parse("2000-01-02T00:00:00Z").getEpochSecond();
  private static final long LAST = Instant.parse("2026-02-28T00:00:00Z").getEpochSecond();

  @TempDir Path dir;
  private TestProject project;
  private Insights insights;

  @BeforeEach
  void open() throws Exception {
    project = new TestProject(dir);
    for (long second : List.of(FIRST, FIRST + 86_400, LAST)) {
      project.track("e", "u", (second - NOON) * 1_000_000, Map.of("n", 1.0));
    }
    project.awaitAll();
    insights =
        new Insights(
            project.engine(),
            project.lake(),
            InstantSource.fixed(Instant.parse("2026-03-02T00:00:00Z")),
            Optional.empty());
  }

  @AfterEach
  void close() throws Exception {
    project.close();
  }

  /** What a question comes to: the length of its answer, or its error. */
  private String ask(String kind, String body) throws Exception {
    try {
      byte[] answer =
          TestEngine.on(
              project.engine(),
              () ->
                  insights.answer(
                      kind,
                      Access.to(TestProject.NAME),
                      body.getBytes(StandardCharsets.UTF_8),
                      TestEngine.deadline()));
      return "answered " + answer.length;
    } catch (QueryException e) {
      return e.error() + " " + e.getMessage();
    }
  }

  /** Two cohorts, and all that would be told between them. */
  @Test
  void numbersBetweenCohortsAreBounded() throws Exception {
    assertThat(ask("retention", "{\"period\":\"hour\",\"periods\":1000}"))
        .startsWith(QueryError.INVALID_REQUEST.toString())
        .contains("1000000 numbers");
    assertThat(ask("retention", "{\"period\":\"day\",\"periods\":12}")).startsWith("answered");
    assertThat(
            ask(
                "retention",
                "{\"period\":\"hour\",\"periods\":1000,\"from\":\"2026-02-01\",\"mode\":\"rolling\"}"))
        .startsWith("answered");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001-01-01T00:00:00Z",
        "-999999999-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59Z",
        "9999-12-31T23:59:59.999999999-18:00",
        "0000-01-01",
        "-999999999w",
        "-36500d",
        "294247-01-10T04:00:54.775807Z",
        "+294247-01-10T04:00:54.775807Z"
      })
  void noTimeIsAFault(String time) throws Exception {
    List<String> faults = new ArrayList<>();
    for (String kind : List.of("trend", "funnel", "retention", "path", "sessions")) {
      String own =
          switch (kind) {
            case "funnel" -> "\"steps\":[{\"event\":\"e\"},{\"event\":\"e\"}],";
            case "path" -> "\"start\":\"e\",";
            default -> "";
          };
      for (String field : List.of("from", "to")) {
        String body = "{" + own + "\"" + field + "\":\"" + time + "\"}";
        String seen = ask(kind, body);
        if (!seen.startsWith("answered") && !seen.startsWith("INVALID_REQUEST")) {
          faults.add(kind + " " + body + " came to " + seen);
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999w", "999999999w", "36500d", "36501d", "1ms", "0s", "999999999ms"})
  void noDurationIsAFault(String duration) throws Exception {
    String steps =
        "{\"steps\":[{\"event\":\"e\"},{\"event\":\"e\"}],\"breakdown\":\"n\",\"window\":\"";
    for (String seen :
        List.of(
            ask("funnel", steps + duration + "\"}"),
            ask("funnel", steps + duration + "\",\"order\":\"any\",\"count\":\"sessions\"}"),
            ask("sessions", "{\"timeout\":\"" + duration + "\"}"))) {
      assertThat(seen).matches("(?s)(answered|INVALID_REQUEST).*");
    }
  }
}
