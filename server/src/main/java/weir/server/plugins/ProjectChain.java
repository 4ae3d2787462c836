package weir.server.plugins;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;

/**
 * The plug-ins of a project, run in a process of their own. An event that ends that process when it
 * is in it alone, after it was among those at which it ended before, is set aside; all others pass.
 */
final class ProjectChain implements PluginChain, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProjectChain.class);
  private static final int BATCH = 512;

  private final ChainSpec spec;
  private final PluginOptions options;
  private final ChainRun run;
  private final List<PluginCounts> counts;
  private final InstantSource clock;
  private final LongSupplier ticker;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Suspension suspension;

  private volatile ChainState state = ChainState.RUNNING;
  private volatile boolean closed;

  /**
   * @param counts one for each plug-in
   * @param ticker nanoseconds, for durations
   */
  ProjectChain(
      ChainSpec spec,
      PluginOptions options,
      List<PluginCounts> counts,
      Runnable restarted,
      InstantSource clock,
      LongSupplier ticker) {
    this.spec = spec;
    this.options = options;
    this.counts = counts;
    this.clock = clock;
    this.ticker = ticker;
    this.run = new ChainRun(spec, options, counts, restarted, ticker);
    this.suspension =
        new Suspension(
            options.lost(), options.rest(), PluginOptions.LONGEST_REST, ticker.getAsLong());
  }

  ChainSpec spec() {
    return spec;
  }

  ChainState state() {
    return state;
  }

  List<PluginCounts> counts() {
    return counts;
  }

  /** Starts the process; what keeps it from being started, if anything does. */
  Optional<String> open() {
    turn.lock();
    try {
      run.start();
      return Optional.empty();
    } catch (ChainRun.Unfit e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } finally {
      turn.unlock();
    }
  }

  /** What is under way comes to its end; whoever still asks is answered, by a process for them. */
  @Override
  public void close() {
    closed = true;
    turn.lock();
    try {
      run.end();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public List<PluginResult> apply(List<PluginEvent> events, long bytes) {
    turn.lock();
    try {
      return new Pass(events, bytes).run();
    } finally {
      if (closed) {
        run.end();
      }
      turn.unlock();
    }
  }

  /** One call's way through events. */
  private final class Pass {
    private final List<PluginEvent> events;
    private final List<PluginResult> results = new ArrayList<>();
    private long left;

    /** How many of the next events are given alone, until the one to blame is found. */
    private int careful;

    /** The event that is to blame, as far as is known; it is given alone. */
    private int suspect = -1;

    Pass(List<PluginEvent> events, long bytes) {
      this.events = events;
      this.left = bytes;
    }

    List<PluginResult> run() {
      while (results.size() < events.size() && (results.isEmpty() || left > 0)) {
        switch (suspension.turn(ticker.getAsLong())) {
          case REST -> restAll();
          case TRY -> alone(true);
          case RUN -> {
            if (careful > 0 || results.size() == suspect) {
              alone(false);
            } else {
              many();
            }
          }
        }
      }
      return results;
    }

    private void restAll() {
      ChainState now = state;
      String message =
          "the plug-ins %s rest since %s, for %d s: %s; events meanwhile are set aside"
              .formatted(spec.names(), now.since(), suspension.rest().toSeconds(), now.why());
      for (int i = results.size(); i < events.size(); i++) {
        results.add(new PluginResult.Failed(now.reason(), message));
        counts.get(Math.max(0, now.plugin())).quarantine();
      }
    }

    private void many() {
      int from = results.size();
      int to = Math.min(from + BATCH, events.size());
      if (suspect > from) {
        to = Math.min(to, suspect);
      }
      long began = ticker.getAsLong();
      try {
        ChainRun.Answer answer = run.exchange(events.subList(from, to), left, false);
        taken(answer, began);
      } catch (PluginFault fault) {
        lost(began, fault);
        suspect = fault.index() < 0 ? -1 : from + fault.index();
        careful = fault.index() < 0 ? to - from : 0;
      } catch (ChainRun.Unfit e) {
        unfit(e);
      }
    }

    private void alone(boolean trial) {
      int at = results.size();
      long began = ticker.getAsLong();
      try {
        taken(run.exchange(events.subList(at, at + 1), left, true), began);
        if (trial) {
          suspension.succeed(ticker.getAsLong());
          state = ChainState.RUNNING;
        }
      } catch (PluginFault fault) {
        results.add(blamed(fault));
        lost(began, fault);
        if (trial) {
          suspension.fail(ticker.getAsLong());
          rest(plugin(fault), "plugin_suspended", what(fault));
        }
        careful = 0;
        suspect = -1;
      } catch (ChainRun.Unfit e) {
        unfit(e);
      }
      careful = Math.max(0, careful - 1);
      suspect = suspect == at ? -1 : suspect;
    }

    private void taken(ChainRun.Answer answer, long began) {
      results.addAll(answer.results());
      left -= answer.bytes();
      long usual = options.usual().toNanos() * answer.results().size();
      long beyond = ticker.getAsLong() - began - usual - answer.started();
      if (beyond > 0 && suspension.lose(beyond, ticker.getAsLong())) {
        double micros = (ticker.getAsLong() - began) / 1e3 / answer.results().size();
        rest(
            answer.slowest(),
            "plugin_suspended",
            "events took %.0f ms each of late".formatted(micros / 1e3));
      }
    }

    private PluginResult blamed(PluginFault fault) {
      int plugin = plugin(fault);
      counts.get(Math.max(0, plugin)).quarantine();
      return new PluginResult.Failed(
          "plugin_failed",
          what(fault) + " at this event, twice; mend it, or take it out: weir plugin off");
    }

    private void lost(long began, PluginFault fault) {
      LOG.warn("plug-ins of {}: {}", spec.project(), what(fault));
      long now = ticker.getAsLong();
      if (suspension.lose(now - began, now)) {
        rest(plugin(fault), "plugin_suspended", what(fault));
      }
    }

    private void unfit(ChainRun.Unfit e) {
      suspension.fail(ticker.getAsLong());
      rest(e.plugin(), "plugin_missing", String.valueOf(e.getMessage()));
      restAll();
    }

    private void rest(int plugin, String reason, String why) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      state = new ChainState(true, plugin, reason, why, now);
      LOG.error(
          "the plug-ins {} of {} rest for {} s: {}",
          spec.names(),
          spec.project(),
          suspension.rest().toSeconds(),
          why);
    }
  }

  private int plugin(PluginFault fault) {
    return fault.plugin() >= 0 && fault.plugin() < spec.links().size()
        ? fault.plugin()
        : spec.links().size() == 1 ? 0 : -1;
  }

  /** The plug-in, its version and what it has done. */
  private String what(PluginFault fault) {
    int plugin = plugin(fault);
    String who =
        plugin < 0 ? "one of the plug-ins " + spec.names() : spec.links().get(plugin).told();
    return who + " " + fault.getMessage();
  }

  /** How long one call of the process may take. */
  static Duration patience(PluginOptions options) {
    return options.limits().event().plus(options.limits().batch()).plusSeconds(2);
  }
}
