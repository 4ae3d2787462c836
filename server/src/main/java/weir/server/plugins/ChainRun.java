package weir.server.plugins;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import weir.enrich.plugin.PluginEvent;
import weir.enrich.plugin.PluginResult;
import weir.server.plugins.child.EventWire;
import weir.server.plugins.child.FrameInput;
import weir.server.plugins.child.FrameOutput;
import weir.server.plugins.child.Kind;

/** The process of a project's plug-ins, started when it is needed. Used by one thread at a time. */
final class ChainRun {
  private static final int LONGEST_READY = 1 << 20;

  /** What an answer takes beside its results. */
  private static final long BESIDE = 1 << 20;

  private final ChainSpec spec;
  private final PluginOptions options;
  private final List<PluginCounts> counts;
  private final Runnable restarted;
  private final LongSupplier ticker;
  private @Nullable PluginProcess process;
  private boolean startedOnce;

  /**
   * What has come of the first events.
   *
   * @param bytes that it took on the wire
   * @param started how long a first start took before, in nanoseconds
   * @param slowest the plug-in that took most of the time
   */
  record Answer(List<PluginResult> results, long bytes, long started, int slowest) {}

  /** Plug-ins cannot be started. */
  static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;
    private final int plugin;

    Unfit(int plugin, String why, @Nullable Throwable cause) {
      super(why, cause);
      this.plugin = plugin;
    }

    int plugin() {
      return plugin;
    }
  }

  ChainRun(
      ChainSpec spec,
      PluginOptions options,
      List<PluginCounts> counts,
      Runnable restarted,
      LongSupplier ticker) {
    this.spec = spec;
    this.options = options;
    this.counts = counts;
    this.restarted = restarted;
    this.ticker = ticker;
  }

  void start() throws Unfit {
    running();
  }

  void end() {
    PluginProcess running = process;
    process = null;
    if (running != null) {
      running.close();
    }
  }

  /**
   * Gives events to the plug-ins.
   *
   * @param bytes about how many the results may take
   * @param announce whether to be told of each plug-in's turn
   * @throws PluginFault if there is no answer, or none that can be read
   */
  Answer exchange(List<PluginEvent> events, long bytes, boolean announce)
      throws PluginFault, Unfit {
    long began = ticker.getAsLong();
    boolean first = !startedOnce;
    PluginProcess running = running();
    long started = first ? ticker.getAsLong() - began : 0;
    FrameOutput question = new FrameOutput();
    try {
      question.small(announce ? 1 : 0).number(bytes).integer(events.size());
      for (PluginEvent event : events) {
        EventWire.write(question, event);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    FrameInput answer =
        running.ask(
            question,
            Kind.EVENTS,
            bytes + 2L * options.limits().bytes() + BESIDE,
            ProjectChain.patience(options));
    try {
      return read(answer, events, started);
    } catch (IOException e) {
      end();
      throw new PluginFault("has disturbed its process: " + e.getMessage(), -1, -1);
    }
  }

  private PluginProcess running() throws Unfit {
    PluginProcess running = process;
    if (running != null && running.isAlive()) {
      return running;
    }
    end();
    if (startedOnce) {
      restarted.run();
    }
    startedOnce = true;
    PluginProcess opened;
    try {
      opened = opened();
    } catch (PluginFault once) {
      opened = openedAtLast(); // somebody may have ended it
    }
    process = opened;
    return opened;
  }

  private PluginProcess openedAtLast() throws Unfit {
    try {
      return opened();
    } catch (PluginFault e) {
      throw new Unfit(
          spec.links().size() == 1 ? 0 : -1,
          "while it was opened, " + spec.names() + " " + e.getMessage(),
          e);
    }
  }

  private PluginProcess opened() throws PluginFault, Unfit {
    PluginProcess fresh;
    try {
      fresh = PluginProcess.start(options.command().get(), spec.project());
    } catch (IOException e) {
      throw new Unfit(-1, "their process cannot be started: " + e.getMessage(), e);
    }
    try {
      open(fresh);
    } catch (PluginFault | Unfit e) {
      fresh.close();
      throw e;
    }
    return fresh;
  }

  private void open(PluginProcess fresh) throws PluginFault, Unfit {
    try {
      FrameOutput question = new FrameOutput();
      options.limits().write(question);
      question.integer(spec.links().size());
      for (ChainSpec.Link link : spec.links()) {
        question.text(link.plugin().copy().toAbsolutePath().toString());
        question.text(link.plugin().name()).text(link.settings());
      }
      FrameInput answer = fresh.ask(question, Kind.OPEN, LONGEST_READY, PluginOptions.START);
      if (answer.kind() != Kind.READY) {
        int plugin = Math.clamp(answer.integer(), 0, spec.links().size() - 1);
        throw new Unfit(
            plugin, spec.links().get(plugin).told() + " does not open: " + answer.text(), null);
      }
    } catch (IOException e) {
      throw new PluginFault("answers nonsense: " + e.getMessage(), -1, -1);
    }
  }

  private Answer read(FrameInput answer, List<PluginEvent> events, long started)
      throws IOException {
    if (answer.kind() != Kind.RESULTS) {
      throw new IOException("an answer of the kind " + answer.kind());
    }
    int before = answer.left();
    int done = answer.count();
    if (done < 1 || done > events.size()) {
      throw new IOException(done + " results of " + events.size());
    }
    List<PluginResult> results = new ArrayList<>(done);
    for (int i = 0; i < done; i++) {
      results.add(result(answer, events.get(i)));
    }
    long bytes = before - answer.left();
    int slowest = 0;
    long most = -1;
    for (int i = 0; i < counts.size(); i++) {
      long in = answer.number();
      long made = answer.number();
      long dropped = answer.number();
      long failed = answer.number();
      long nanos = answer.number();
      counts.get(i).add(in, made, dropped, failed, nanos);
      slowest = nanos > most ? i : slowest;
      most = Math.max(most, nanos);
    }
    return new Answer(results, bytes, started, slowest);
  }

  private PluginResult result(FrameInput answer, PluginEvent event) throws IOException {
    int kind = answer.small();
    return switch (kind) {
      case Kind.UNCHANGED -> new PluginResult.Events(List.of(event));
      case Kind.EVENTS_MADE -> {
        int count = answer.count();
        if (count < 1 || count > options.limits().events()) {
          throw new IOException(count + " events of one");
        }
        List<PluginEvent> made = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          made.add(EventWire.readChange(answer, event));
        }
        yield new PluginResult.Events(made);
      }
      case Kind.DROPPED -> new PluginResult.Dropped(link(answer).plugin().name());
      case Kind.FAILED -> {
        ChainSpec.Link link = link(answer);
        yield new PluginResult.Failed("plugin_failed", link.told() + ": " + answer.text());
      }
      default -> throw new IOException("a result of the kind " + kind);
    };
  }

  private ChainSpec.Link link(FrameInput answer) throws IOException {
    int plugin = answer.small();
    if (plugin >= spec.links().size()) {
      throw new IOException("there is no plug-in " + plugin);
    }
    return spec.links().get(plugin);
  }
}
