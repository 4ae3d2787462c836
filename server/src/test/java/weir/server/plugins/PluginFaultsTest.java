package weir.server.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;

/** Whatever a plug-in does at one event, that event alone is set aside, by the plug-in's name. */
class PluginFaultsTest {
  private static final int EVENTS = 40;
  private static final int BAD = 17;

  @TempDir Path temp;

  static List<Arguments> deeds() {
    return List.of(
        Arguments.of("throws", "throw new IllegalStateException(\"no luck\");", "no luck"),
        Arguments.of("sleeps", "Thread.sleep(60_000);", "took longer than 700 ms"),
        Arguments.of("loops", "while (true) {}", "took longer than 700 ms"),
        Arguments.of(
            "allocates",
            "List<long[]> all = new ArrayList<>(); while (true) { all.add(new long[100_000]); }",
            "ran out of memory"),
        Arguments.of("recurses", "down(0);", "StackOverflowError"),
        Arguments.of("exits", "System.exit(0);", "ended the process"),
        Arguments.of("halts", "Runtime.getRuntime().halt(0);", "ended its process (exit code 0)"),
        Arguments.of(
            "exits elsewhere",
            "new Thread(() -> System.exit(3)).start(); Thread.sleep(60_000);",
            "ended the process"),
        Arguments.of(
            "leaks threads",
            "for (int i = 0; i < 50; i++) { Thread t = new Thread(() -> { while (true) { try {"
                + " Thread.sleep(60_000); } catch (InterruptedException e) {} } }); t.start(); }"
                + " Thread.sleep(60_000);",
            "left more than 16 threads running"),
        Arguments.of("answers null", "return null;", "it returned null"),
        Arguments.of(
            "answers a list of null", "return Collections.singletonList(null);", "null in it"),
        Arguments.of(
            "makes a million",
            "return Collections.nCopies(1_000_000, event);",
            "more than 10 events of one"),
        Arguments.of(
            "makes without an end",
            "return new AbstractList<Event>() { public Event get(int i) { return event; }"
                + " public int size() { return Integer.MAX_VALUE; } };",
            "more than 10 events of one"),
        Arguments.of(
            "sets a property to a date",
            "event.properties().put(\"d\", new Date());",
            "the property d is a java.util.Date"),
        Arguments.of(
            "sets a property to NaN", "event.setProperty(\"d\", Double.NaN);", "the property d"),
        Arguments.of(
            "sets a large property",
            "event.setProperty(\"d\", \"x\".repeat(200_000));",
            "more than 65536 bytes"),
        Arguments.of(
            "sets a column to another type",
            "event.set(\"country\", 7);",
            "the column country holds String"),
        Arguments.of("sets no column", "event.set(\"contry\", \"DE\");", "no column 'contry'"),
        Arguments.of("sets the id", "event.set(\"event_id\", \"x\");", "cannot be changed"),
        Arguments.of(
            "writes to the pipe",
            "var out = new java.io.FileOutputStream(java.io.FileDescriptor.out);"
                + " out.write(new byte[100]); out.flush();",
            "disturbed the pipe"),
        Arguments.of(
            "closes the pipe",
            "new java.io.FileOutputStream(java.io.FileDescriptor.out).close();",
            "its process"),
        Arguments.of(
            "leaves a child with its pipes",
            "new ProcessBuilder(\"sleep\", \"20\").inheritIO().start();"
                + " Runtime.getRuntime().halt(1);",
            ""),
        Arguments.of(
            "misses a class",
            "new Object() { void x() throws Exception {"
                + " Class.forName(\"weir.event.EventColumn\"); } }.x();",
            "ClassNotFoundException"),
        Arguments.of(
            "throws what cannot be told",
            "throw new RuntimeException() { public String toString() { throw this; } };",
            "Mine"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deeds")
  void setsOneEventAside(String deed, String code, String told) throws Exception {
    try (ChainRig rig = new ChainRig(temp)) {
      PluginJars.write(
          rig.folder.resolve("mine.jar"),
          "mine",
          "1.2",
          "if (bad) { " + code + " } event.setProperty(\"seen\", true); return List.of(event);");
      PluginChain chain = rig.use("shop", "mine");
      List<PluginEvent> events = ChainRig.events(EVENTS, BAD);
      List<PluginResult> results = chain.apply(events, ChainRig.MUCH);

      assertThat(results).hasSize(EVENTS);
      for (int i = 0; i < EVENTS; i++) {
        if (i == BAD) {
          PluginResult.Failed failed = ChainRig.failed(results.get(i));
          assertThat(failed.reason()).isEqualTo("plugin_failed");
          assertThat(failed.message()).contains("the plug-in mine 1.2", told);
        } else {
          PluginEvent made = ChainRig.made(results.get(i)).get(0);
          assertThat(made.columns()).isEqualTo(events.get(i).columns());
          assertThat(made.properties()).containsEntry("seen", true).containsEntry("n", (double) i);
        }
      }
      PluginReport.Used used = rig.plugins.used().get(0);
      assertThat(used.state()).isEqualTo("running");
      assertThat(used.quarantined()).isEqualTo(1);
    }
  }

  static List<Arguments> harmless() {
    return List.of(
        Arguments.of(
            "prints a lot",
            "for (int i = 0; i < 3_000; i++) { System.out.println(\"x\".repeat(300));"
                + " System.err.print(i); }"),
        Arguments.of("closes System.in", "System.in.close(); System.out.close();"),
        Arguments.of("interrupts", "Thread.currentThread().interrupt();"),
        Arguments.of(
            "opens sockets",
            "for (int i = 0; i < 20; i++) { KEPT.add(new java.net.ServerSocket(0, 1,"
                + " java.net.InetAddress.getLoopbackAddress())); }"),
        Arguments.of("reads System.in", "if (System.in.read() >= 0) { return List.of(); }"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harmless")
  void letsAllEventsPass(String deed, String code) throws Exception {
    try (ChainRig rig = new ChainRig(temp)) {
      PluginJars.write(
          rig.folder.resolve("mine.jar"),
          "mine",
          "1.2",
          "if (bad) { " + code + " } event.setProperty(\"seen\", true); return List.of(event);");
      PluginChain chain = rig.use("shop", "mine");
      for (int round = 0; round < 3; round++) {
        List<PluginResult> results = chain.apply(ChainRig.events(EVENTS, BAD), ChainRig.MUCH);
        assertThat(results)
            .hasSize(EVENTS)
            .allSatisfy(result ->
                assertThat(ChainRig.made(result).get(0).properties()).containsEntry("seen", true));
      }
    }
  }
}
