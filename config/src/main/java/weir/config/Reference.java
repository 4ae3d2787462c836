package weir.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The page of the guide that explains every setting. */
public final class Reference {
  private static final String INTRODUCTION = "reference.md";

  private static final Map<String, String> ABOUT =
      Map.ofEntries(
          Map.entry("server", "What runs, and where its data is."),
          Map.entry("collect", "The collector: the port that events are sent to."),
          Map.entry(
              "log", "The two logs between collector and lake, and their bounds on the disk."),
          Map.entry("api", "The port of SQL, live page, status and metrics."),
          Map.entry("engine", "The process that decides about events and writes the lake."),
          Map.entry("process", "How events are decided: duplicates, columns."),
          Map.entry("enrich", "Files that what is added to events comes from."),
          Map.entry(
              "plugins", "Your own code for events, in a process for each project that uses some."),
          Map.entry("lake", "When rows are committed to the lake, and its upkeep."),
          Map.entry("retention", "What is kept how long."),
          Map.entry("tables", "Tables that users store."),
          Map.entry("taps", "Streams of events, and consumers that pull them."),
          Map.entry("deliveries", "Events that are posted to webhooks of others."),
          Map.entry("query", "The process that runs SQL, and its limits."));

  private Reference() {}

  /** The whole page, in Markdown: the same for everybody, whatever is configured here. */
  public static String markdown() throws IOException {
    StringBuilder page = new StringBuilder(introduction());
    Configuration.bySection().forEach((section, settings) -> append(page, section, settings));
    return page.toString();
  }

  private static String introduction() throws IOException {
    try (InputStream stream =
        Objects.requireNonNull(Reference.class.getResourceAsStream(INTRODUCTION), INTRODUCTION)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void append(StringBuilder page, String section, List<Setting<?>> settings) {
    page.append("\n## ").append(section).append('\n');
    page.append(Objects.requireNonNull(ABOUT.get(section), section)).append("\n\n");
    page.append("| setting | default | what it does | allowed |\n|---|---|---|---|\n");
    for (Setting<?> setting : settings) {
      page.append("| `").append(setting.key()).append("`<br>`");
      page.append(setting.environmentName()).append("` | ").append(usual(setting));
      page.append(" | ").append(setting.description());
      page.append(" | ").append(setting.type().expected()).append(" |\n");
    }
  }

  private static String usual(Setting<?> setting) {
    if (setting.equals(Settings.DATA)) {
      return "`data` beside `./weir`"; // elsewhere on every machine
    }
    return setting.defaultText().isEmpty() ? "none" : "`" + setting.defaultText() + "`";
  }
}
