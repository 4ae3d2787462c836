package weir.server.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins what several roles expose in Prometheus' text format (0.0.4): every sample gets a label
 * {@code role}, and the samples of one metric stand together under one HELP and TYPE, as the format
 * demands.
 */
public final class Exposition {
  private final Map<String, Family> families = new LinkedHashMap<>();

  private static final class Family {
    private final List<String> comments = new ArrayList<>();
    private final List<String> samples = new ArrayList<>();
  }

  /** Adds what a role exposes. */
  public Exposition add(String role, String text) {
    Family current = new Family();
    boolean mayComment = false;
    String name = "";
    for (String line : text.split("\n")) {
      if (line.startsWith("# HELP ") || line.startsWith("# TYPE ")) {
        String commented = line.split(" ", 4)[2];
        if (!commented.equals(name)) {
          name = commented;
          mayComment = !families.containsKey(name);
          current = families.computeIfAbsent(name, ignored -> new Family());
        }
        if (mayComment) {
          current.comments.add(line);
        }
      } else if (!line.isBlank() && !line.startsWith("#")) {
        current.samples.add(labelled(role, line));
      }
    }
    return this;
  }

  private static String labelled(String role, String sample) {
    int nameEnd = 0;
    while (nameEnd < sample.length() && "{ ".indexOf(sample.charAt(nameEnd)) < 0) {
      nameEnd++;
    }
    String name = sample.substring(0, nameEnd);
    String label = "role=\"" + role + "\"";
    return sample.startsWith("{", nameEnd)
        ? name + "{" + label + "," + sample.substring(nameEnd + 1)
        : name + "{" + label + "}" + sample.substring(nameEnd);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Family family : families.values()) {
      family.comments.forEach(line -> text.append(line).append('\n'));
      family.samples.forEach(line -> text.append(line).append('\n'));
    }
    return text.toString();
  }
}
