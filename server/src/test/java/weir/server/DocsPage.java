package weir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of the documentation, and what of it is run.
 *
 * @param file the page
 * @param text all of it
 */
record DocsPage(Path file, String text) {
  private static final Pattern FENCE =
      Pattern.compile(
          "^```(?<info>[^\\n]*)\\n(?<body>.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)(?<path>[^)#\\s]+)");

  /**
   * Commands that a page tells its reader to give.
   *
   * @param await whether they are given again until they succeed
   * @param output what they print, where the page says so; "..." stands for anything
   */
  record Commands(String text, boolean await, Optional<String> output) {
    /** Whether this is what the page says that they print. */
    boolean print(String printed) {
      return output.isEmpty() || expected(output.get()).matcher(stripped(printed)).matches();
    }

    private static Pattern expected(String text) {
      return Pattern.compile(
          stripped(text)
              .lines()
              .map(line -> line.equals("...") ? "(?:.*\\n)*" : anyDots(line) + "\\n")
              .collect(Collectors.joining()));
    }

    private static String anyDots(String line) {
      return Pattern.quote(line).replace("...", "\\E.*\\Q");
    }

    private static String stripped(String text) {
      return text.lines().map(String::stripTrailing).collect(Collectors.joining("\n", "", "\n"));
    }
  }

  static DocsPage read(Path file) throws IOException {
    return new DocsPage(file, Files.readString(file));
  }

  /** The blocks that are marked to be run, in order, each with the output that follows it. */
  List<Commands> commands() {
    List<Commands> all = new ArrayList<>();
    Matcher fences = FENCE.matcher(text);
    while (fences.find()) {
      String body = fences.group("body");
      switch (fences.group("info").strip()) {
        case "sh run" -> all.add(new Commands(body, false, Optional.empty()));
        case "sh await" -> all.add(new Commands(body, true, Optional.empty()));
        case "text output" -> {
          Commands before = all.removeLast();
          all.add(new Commands(before.text(), before.await(), Optional.of(body)));
        }
        default -> {
          if (fences.group("info").strip().contains(" ")) {
            throw new IllegalStateException(file + " has a block marked " + fences.group("info"));
          }
        }
      }
    }
    return all;
  }

  /** The files of this repository that it links to. */
  List<Path> links() {
    List<Path> all = new ArrayList<>();
    Matcher links = LINK.matcher(text);
    while (links.find()) {
      all.add(file.resolveSibling(links.group("path")).normalize());
    }
    return all;
  }
}
