package weir.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.decode.Decoded;
import weir.enrich.Enrichments;
import weir.enrich.ProjectEnrichments;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;
import weir.event.BadEvent;
import weir.event.CleanEvent;
import weir.event.CleanRecord;
import weir.event.DroppedEvent;
import weir.event.EventColumn;

/** Events of some projects pass plug-ins, which here run in this process. */
class PluginPassTest {
  @TempDir Path directory;
  private Rig rig;

  @BeforeEach
  void open() throws Exception {
    rig = new Rig(directory);
    rig.enrichments = plugins();
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  /** Does what the property "do" says, to events of all projects but "plain". */
  private static ProjectEnrichments plugins() {
    return new ProjectEnrichments() {
      @Override
      public Enrichments of(String project) {
        return Enrichments.NONE;
      }

      @Override
      public Optional<PluginChain> plugins(String project) {
        return project.equals("plain") ? Optional.empty() : Optional.of(PluginPassTest::apply);
      }
    };
  }

  private static List<PluginResult> apply(List<PluginEvent> events, long bytes) {
    List<PluginResult> results = new ArrayList<>();
    long left = bytes;
    for (PluginEvent event : events) {
      if (left <= 0 && !results.isEmpty()) {
        break;
      }
      PluginResult result = result(event);
      results.add(result);
      left -= result.toString().length();
    }
    return results;
  }

  private static PluginResult result(PluginEvent event) {
    return switch (String.valueOf(event.properties().get("do"))) {
      case "drop" -> new PluginResult.Dropped("mine");
      case "fail" -> new PluginResult.Failed("plugin_failed", "on purpose");
      case "three" -> new PluginResult.Events(List.of(event, named(event, "b"), named(event, "c")));
      case "unnamed" -> new PluginResult.Events(List.of(named(event, " ")));
      case "early" -> {
        PluginEvent early = named(event, "early");
        early.columns().put(EventColumn.TIMESTAMP, 5L);
        yield new PluginResult.Events(List.of(early));
      }
      case "timeless" -> {
        PluginEvent other = named(event, "timeless");
        other.columns().remove(EventColumn.TIMESTAMP);
        other.columns().put(EventColumn.EVENT_ID, "another");
        yield new PluginResult.Events(List.of(other));
      }
      case "grow" -> {
        PluginEvent grown = named(event, "grown");
        grown.properties().put("x", "x".repeat(30_000));
        yield new PluginResult.Events(List.of(grown));
      }
      default -> new PluginResult.Events(List.of(event));
    };
  }

  private static PluginEvent named(PluginEvent event, String name) {
    Map<EventColumn, Object> columns = new EnumMap<>(EventColumn.class);
    columns.putAll(event.columns());
    columns.put(EventColumn.EVENT, name);
    return new PluginEvent(
        columns, new LinkedHashMap<>(event.properties()), event.source(), event.receivedAt());
  }

  private static Decoded.Event event(String id, String deed) {
    return FakeProtocol.event(id, Map.of("do", deed));
  }

  private List<CleanRecord> processed(Decoded... events) throws Exception {
    rig.send(rig.protocol.request("shop", "web", Rig.RECEIVED, events));
    return rig.process();
  }

  @Test
  void whatTheyMakeIsDecided() throws Exception {
    List<CleanRecord> records =
        processed(
            event("a", "nothing"),
            event("b", "drop"),
            event("c", "fail"),
            FakeProtocol.bad("no_name"),
            event("d", "timeless"));
    assertThat(records).hasSize(5);
    assertThat(((CleanEvent) records.get(0)).eventId()).isEqualTo("a");
    assertThat(((DroppedEvent) records.get(1)).reason()).isEqualTo("plugin_mine");
    BadEvent bad = (BadEvent) records.get(2);
    assertThat(bad.stage()).isEqualTo("plugin");
    assertThat(bad.reason()).isEqualTo("plugin_failed");
    assertThat(bad.eventId()).isEqualTo("c");
    assertThat(new String(bad.payload(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"event_id\":\"c\"", "\"do\":\"fail\"");
    assertThat(((BadEvent) records.get(3)).stage()).isEqualTo("decode");
    CleanEvent timeless = (CleanEvent) records.get(4);
    assertThat(timeless.event()).isEqualTo("timeless");
    assertThat(timeless.eventId()).as("cannot be changed").isEqualTo("d");
    assertThat(timeless.timestamp()).isEqualTo(Rig.RECEIVED);
  }

  @Test
  void whatCannotBeAnEventIsBad() throws Exception {
    for (String deed : List.of("unnamed", "early")) {
      CleanRecord record = processed(event(deed, deed)).getLast();
      assertThat(((BadEvent) record).reason()).isEqualTo("plugin_failed");
      assertThat(((BadEvent) record).message()).contains("cannot be taken");
    }
  }

  @Test
  void severalHaveIdsMadeOfTheFirst() throws Exception {
    List<CleanRecord> records = processed(event("a", "three"));
    assertThat(records.stream().map(each -> ((CleanEvent) each).eventId()))
        .containsExactlyInAnyOrder("a", "a/1", "a/2");
    assertThat(
            records.stream()
                .filter(each -> !((CleanEvent) each).isDerived())
                .map(each -> ((CleanEvent) each).eventId()))
        .containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void eachEventIsThereOnceAndInOrder(long seed) throws Exception {
    Random random = new Random(seed);
    rig.options = Rig.options(50, Duration.ofHours(1));
    List<String> deeds = List.of("nothing", "drop", "fail", "grow", "nothing", "nothing");
    List<String> expected = new ArrayList<>();
    for (int request = 0; request < 60; request++) {
      String project = List.of("shop", "plain", "other").get(random.nextInt(3));
      boolean heavy = random.nextInt(10) == 0;
      Decoded[] events = new Decoded[1 + random.nextInt(heavy ? 80 : 5)];
      for (int i = 0; i < events.length; i++) {
        String id = request + "-" + i;
        String deed = heavy ? "grow" : deeds.get(random.nextInt(deeds.size()));
        events[i] = event(id, deed);
        expected.add(told(id, project.equals("plain") ? "nothing" : deed));
      }
      rig.send(rig.protocol.request(project, "web", Rig.RECEIVED, events));
    }
    assertThat(rig.process().stream().map(PluginPassTest::told)).isEqualTo(expected);
  }

  private static String told(String id, String deed) {
    return switch (deed) {
      case "drop" -> "dropped " + id;
      case "fail" -> "bad " + id;
      case "grow" -> "grown " + id;
      default -> "Tested " + id;
    };
  }

  private static String told(CleanRecord record) {
    return switch (record) {
      case CleanEvent event -> event.event() + " " + event.eventId();
      case BadEvent bad -> "bad " + bad.eventId();
      case DroppedEvent dropped -> "dropped " + dropped.eventId();
      default -> "unexpected " + record;
    };
  }
}
