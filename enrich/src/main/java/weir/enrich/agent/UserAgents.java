package weir.enrich.agent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads user agents, and keeps what the newest ones said. The rules are read when the first agent
 * comes. An agent that would take too long, since somebody wrote it to, says nothing. Safe for use
 * by several threads.
 */
public final class UserAgents {
  /** What stands behind is passed over: no browser writes so much. */
  static final int LONGEST = 1_024;

  /** Characters that the expressions may read for one agent; honest ones take some thousand. */
  private static final int READS = 300_000;

  private static final String OTHER = "Other";
  private static final AgentFacts NOTHING =
      new AgentFacts(null, null, null, null, null, null, false);

  private final Cache<String, AgentFacts> kept =
      Caffeine.newBuilder().maximumSize(8_192).executor(Runnable::run).build();

  /** The rules, read once, by whoever needs them first. */
  private static final class Rules {
    static final UapRules UAP = uap();
    static final BotPatterns BOTS = bots();

    private static UapRules uap() {
      try {
        return UapRules.load();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static BotPatterns bots() {
      try {
        return BotPatterns.load();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Reads the rules, which takes some tenths of a second, so that the first agent need not wait.
   */
  public static void prepare() {
    read("Mozilla/5.0");
  }

  public AgentFacts of(String agent) {
    String bounded = agent.length() > LONGEST ? agent.substring(0, LONGEST) : agent;
    AgentFacts known = kept.getIfPresent(bounded);
    if (known == null) {
      known = read(bounded);
      kept.put(bounded, known);
    }
    return known;
  }

  private static AgentFacts read(String agent) {
    Probe probe = new Probe(agent);
    try {
      BoundedText text = new BoundedText(agent, READS);
      @Nullable String[] browser = Rules.UAP.browser(probe, text);
      @Nullable String[] system = Rules.UAP.system(probe, text);
      @Nullable String[] device = Rules.UAP.device(probe, text);
      String os = system == null ? null : known(system[0]);
      return new AgentFacts(
          browser == null ? null : known(browser[0]),
          browser == null ? null : version(browser),
          os,
          system == null ? null : version(system),
          device == null ? null : model(device),
          DeviceClass.of(probe, os),
          Rules.BOTS.matches(probe, text));
    } catch (BoundedText.Exhausted | StackOverflowError e) {
      return NOTHING;
    }
  }

  private static @Nullable String known(@Nullable String family) {
    return OTHER.equals(family) ? null : family;
  }

  /** The parts that there are, with dots between. */
  private static @Nullable String version(@Nullable String[] parts) {
    if (parts.length < 2 || parts[1] == null || OTHER.equals(parts[0])) {
      return null;
    }
    StringBuilder version = new StringBuilder(parts[1]);
    for (int i = 2; i < parts.length && parts[i] != null; i++) {
      version.append('.').append(parts[i]);
    }
    return version.toString();
  }

  private static @Nullable String model(@Nullable String[] device) {
    String model = device[2] == null ? device[0] : device[2];
    return model == null
            || OTHER.equals(model)
            || "Spider".equals(device[0])
            || "Mac".equals(device[0])
        ? null
        : model;
  }
}
