package weir.server.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.decode.Decoded;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;
import weir.event.EventColumn;

/** Plug-ins of several projects, jars that come and go, and plug-ins that have to rest. */
class PluginsInUseTest {
  private static final String ADD =
      "Object n = event.property(\"sum\"); event.setProperty(\"sum\", (n == null ? 0 :"
          + " ((Number) n).intValue()) + %d); return List.of(event);";

  @TempDir Path temp;

  @Test
  void valuesComeBackAsTheyWere() throws Exception {
    try (ChainRig rig = new ChainRig(temp)) {
      PluginJars.write(
          rig.folder.resolve("a.jar"),
          "a",
          "1",
          "List<?> tags = (List<?>) event.property(\"tags\");"
              + " if (((Number) event.property(\"large\")).longValue() != 9007199254740993L) {"
              + " throw new IllegalStateException(); }"
              + " try { tags.clear(); throw new IllegalStateException(); }"
              + " catch (UnsupportedOperationException e) { event.set(\"value\", tags.size()); }"
              + " event.setProperty(\"made\", Map.of(\"k\", List.of(1, 2.5, true, \"x\")));"
              + " event.setProperty(\"gone\", null); event.set(\"user_id\", null);"
              + " event.set(\"timestamp\", event.time(\"timestamp\").plusSeconds(1));"
              + " return List.of(event);");
      Map<String, Object> properties =
          Map.of(
              "tags", new Decoded.Json("[ \"a\",  1.50 ]"),
              "large", new Decoded.Json("9007199254740993"),
              "gone", "x");
      PluginEvent sent = ChainRig.event(1, properties);
      PluginEvent made =
          ChainRig.made(rig.use("shop", "a").apply(List.of(sent), ChainRig.MUCH).get(0)).get(0);
      assertThat(made.properties())
          .containsEntry("tags", new Decoded.Json("[ \"a\",  1.50 ]"))
          .containsEntry("large", new Decoded.Json("9007199254740993"))
          .containsEntry("made", new Decoded.Json("{\"k\":[1,2.5,true,\"x\"]}"))
          .doesNotContainKey("gone");
      assertThat(made.columns())
          .containsEntry(EventColumn.VALUE, 2.0)
          .containsEntry(EventColumn.EVENT_ID, "e1")
          .containsEntry(EventColumn.TIMESTAMP, 1_800_000_001_000_001L)
          .doesNotContainKey(EventColumn.USER_ID);
    }
  }

  @Test
  void eventsPassSeveralInTheirOrder() throws Exception {
    try (ChainRig rig = new ChainRig(temp)) {
      PluginJars.write(
          rig.folder.resolve("split.jar"),
          "split",
          "1",
          "return List.of(event, event.copy().set(\"event\", \"copy\"), event);");
      PluginJars.write(rig.folder.resolve("add.jar"), "add", "1", ADD.formatted(3));
      PluginJars.write(
          rig.folder.resolve("keep.jar"),
          "keep",
          "1",
          "return event.name().equals(\"copy\") ? List.of() : List.of(event);");
      List<PluginEvent> one = List.of(ChainRig.event(1, Map.of()));
      PluginChain chain = rig.use("shop", "split", "add", "keep");
      List<PluginEvent> made = ChainRig.made(chain.apply(one, ChainRig.MUCH).get(0));
      assertThat(made)
          .hasSize(2)
          .allSatisfy(each -> assertThat(each.properties()).containsEntry("sum", 3.0));
      chain = rig.use("shop", "keep");
      PluginEvent copy = ChainRig.event(2, Map.of());
      copy.columns().put(EventColumn.EVENT, "copy");
      assertThat(chain.apply(List.of(copy), ChainRig.MUCH))
          .containsExactly(new PluginResult.Dropped("keep"));
    }
  }

  @Test
  void resultsEndWhereTheyTakeTooMuch() throws Exception {
    try (ChainRig rig = new ChainRig(temp)) {
      PluginJars.write(
          rig.folder.resolve("large.jar"),
          "large",
          "1",
          "event.setProperty(\"x\", \"x\".repeat(10_000)); return List.of(event);");
      PluginChain chain = rig.use("shop", "large");
      List<PluginEvent> events = ChainRig.events(100, -1);
      assertThat(chain.apply(events, 1)).hasSize(1);
      assertThat(chain.apply(events, 200_000)).hasSizeBetween(15, 25);
      assertThat(chain.apply(events, ChainRig.MUCH)).hasSize(100);
    }
  }

  @Test
  void whoEndsItsProcessEachTimeRestsAndIsTriedAgain() throws Exception {
    try (ChainRig rig = new ChainRig(temp, Duration.ofMillis(300), Duration.ofSeconds(1))) {
      Path well = temp.resolve("well");
      PluginJars.write(
          rig.folder.resolve("mine.jar"),
          "mine",
          "1",
          "if (!java.nio.file.Files.exists(java.nio.file.Path.of(\""
              + well
              + "\"))) {"
              + " Runtime.getRuntime().halt(1); } return List.of(event);");
      PluginJars.write(rig.folder.resolve("good.jar"), "good", "1", ADD.formatted(1));
      PluginChain chain = rig.use("shop", "mine");
      PluginChain other = rig.use("other", "good");
      List<PluginEvent> events = ChainRig.events(50, -1);
      List<PluginResult> results = chain.apply(events, ChainRig.MUCH);
      assertThat(results).hasSize(50);
      PluginResult.Failed last = ChainRig.failed(results.get(49));
      assertThat(last.reason()).isEqualTo("plugin_suspended");
      assertThat(last.message()).contains("mine", "rest since 20", "exit code 1");
      assertThat(rig.plugins.used().get(1).state()).isEqualTo("suspended");
      assertThat(rig.plugins.troubles()).anyMatch(each -> each.contains("mine"));
      assertThat(other.apply(events, ChainRig.MUCH))
          .allSatisfy(each -> assertThat(ChainRig.made(each)).hasSize(1));

      Files.createFile(well);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              chain.apply(events.subList(0, 1), ChainRig.MUCH).get(0)
                  instanceof PluginResult.Events);
      assertThat(rig.plugins.used().get(1).state()).isEqualTo("running");
      assertThat(rig.plugins.troubles()).isEmpty();
    }
  }

  @Test
  void whoIsSlowRestsToo() throws Exception {
    try (ChainRig rig = new ChainRig(temp, Duration.ofMillis(500), Duration.ofSeconds(60))) {
      PluginJars.write(
          rig.folder.resolve("slow.jar"), "slow", "1", "Thread.sleep(150); return List.of(event);");
      PluginChain chain = rig.use("shop", "slow");
      List<PluginResult> results = chain.apply(ChainRig.events(40, -1), ChainRig.MUCH);
      assertThat(ChainRig.made(results.get(0))).hasSize(1);
      assertThat(ChainRig.failed(results.get(39)).reason()).isEqualTo("plugin_suspended");
      assertThat(ChainRig.failed(results.get(39)).message()).contains("slow", "ms each");
    }
  }

  @Test
  void jarsComeAndGo() throws Exception {
    try (ChainRig rig = new ChainRig(temp)) {
      List<PluginEvent> one = List.of(ChainRig.event(1, Map.of()));
      PluginResult.Failed failed =
          ChainRig.failed(rig.use("shop", "add").apply(one, ChainRig.MUCH).get(0));
      assertThat(failed.reason()).isEqualTo("plugin_missing");
      assertThat(failed.message()).contains("there is no plug-in add");

      Path first = rig.folder.resolve("add-1.jar");
      PluginJars.write(first, "add", "1", ADD.formatted(1));
      awaitSum(rig, 1.0);
      Path second = rig.folder.resolve("add-2.jar");
      PluginJars.write(second, "add", "2", ADD.formatted(2));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.plugins.troubles().toString().contains("add is in add-1.jar too"));
      Files.delete(first);
      awaitSum(rig, 2.0);
      assertThat(rig.plugins.troubles()).isEmpty();

      PluginJars.write(second, "add", "3", "throw new IllegalStateException();", "return null;");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.plugins.troubles().toString().contains("add 3 does not open"));
      awaitSum(rig, 2.0);
      assertThat(rig.plugins.used().get(0).why()).contains("the one before it stays");
      failed = ChainRig.failed(rig.use("other", "add").apply(one, ChainRig.MUCH).get(0));
      assertThat(failed.reason()).isEqualTo("plugin_missing");
      assertThat(failed.message()).contains("add 3 does not open: java.lang.IllegalState");
      Files.delete(second);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.plugins.troubles().toString().contains("it is gone"));
    }
  }

  private static void awaitSum(ChainRig rig, double sum) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          List<PluginEvent> one = List.of(ChainRig.event(1, Map.of()));
          return rig.plugins.of("shop").orElseThrow().apply(one, ChainRig.MUCH).get(0)
                  instanceof PluginResult.Events made
              && Double.valueOf(sum).equals(made.events().get(0).properties().get("sum"));
        });
  }

  @Test
  void nothingIsStartedWhereNobodyUsesAny() throws Exception {
    AtomicInteger started = new AtomicInteger();
    PluginOptions options =
        ChainRig.options(
            temp.resolve("plugins"),
            temp.resolve("copies"),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    PluginOptions counted =
        new PluginOptions(
            options.folder(),
            options.copies(),
            () -> {
              started.incrementAndGet();
              return options.command().get();
            },
            options.limits(),
            options.usual(),
            options.lost(),
            options.rest());
    PluginJars.write(options.folder().resolve("a.jar"), "a", "1", "return List.of();");
    try (Plugins plugins =
        Plugins.start(
            counted,
            java.time.InstantSource.system(),
            System::nanoTime,
            new io.micrometer.core.instrument.simple.SimpleMeterRegistry())) {
      assertThat(plugins.of("shop")).isEmpty();
      assertThat(started).hasValue(0);
      assertThat(plugins.report().jars()).hasSize(1);
      assertThat(started).as("who asks has the jar looked at").hasValue(1);
      assertThat(plugins.report().jars().get(0).plugins().get(0).name()).isEqualTo("a");
      assertThat(started).as("once").hasValue(1);
    }
  }
}
