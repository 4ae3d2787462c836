package weir.server.plugins.child;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import weir.plugin.Event;
import weir.plugin.Plugin;
import weir.plugin.Settings;
import weir.plugin.loading.PluginJar;

/** A project's plug-ins, opened, in their order. Used by one thread. */
final class Chain {
  private static final int LONGEST_MESSAGE = 600;

  private final List<Link> links;
  private final Limits limits;
  private final Watch watch;

  /** A plug-in, and what it has done to the events of a batch. */
  private static final class Link {
    final Plugin plugin;
    final ClassLoader loader;
    final String version;
    long in;
    long made;
    long dropped;
    long failed;
    long nanos;

    Link(Plugin plugin, ClassLoader loader, String version) {
      this.plugin = plugin;
      this.loader = loader;
      this.version = version;
    }
  }

  /** A plug-in could not be opened. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int plugin;

    Refused(int plugin, String why, @Nullable Throwable cause) {
      super(why, cause);
      this.plugin = plugin;
    }

    int plugin() {
      return plugin;
    }
  }

  private static final class Failed extends Exception {
    private static final long serialVersionUID = 1L;
    private final int plugin;

    Failed(int plugin, String why, @Nullable Throwable cause) {
      super(why, cause);
      this.plugin = plugin;
    }
  }

  private Chain(List<Link> links, Limits limits, Watch watch) {
    this.links = links;
    this.limits = limits;
    this.watch = watch;
  }

  /** Opens what the rest of the frame names: jar, name and settings of each. */
  static Chain open(FrameInput in, Limits limits, Watch watch) throws IOException, Refused {
    List<Link> links = new ArrayList<>();
    Map<String, PluginJar> jars = new HashMap<>();
    for (int left = in.count(); left > 0; left--) {
      String jar = in.text();
      String name = in.text();
      String settings = in.text();
      try {
        PluginJar opened = jars.get(jar);
        if (opened == null) {
          opened = PluginJar.open(Path.of(jar));
          jars.put(jar, opened);
        }
        PluginJar.Found found =
            opened.named(name).orElseThrow(() -> new IOException("there is none of this name"));
        Thread.currentThread().setContextClassLoader(opened.loader());
        found.plugin().open(settings(settings));
        links.add(new Link(found.plugin(), opened.loader(), found.version()));
      } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
        throw new Refused(links.size(), told(e), e);
      }
    }
    return new Chain(links, limits, watch);
  }

  @SuppressWarnings("unchecked")
  private static Settings settings(String text) throws IOException {
    if (text.isEmpty() || text.equals("{}")) {
      return Settings.NONE;
    }
    Object values = PlainJson.read(text);
    if (!(values instanceof Map<?, ?> map)) {
      throw new IOException("the settings are no JSON object");
    }
    return new Settings((Map<String, Object>) map);
  }

  List<String> versions() {
    return links.stream().map(link -> link.version).toList();
  }

  /**
   * Runs one event through all and writes what becomes of it.
   *
   * @param announced where each plug-in is told before its turn; null for nowhere
   */
  void run(int index, OpenedEvent event, FrameOutput to, @Nullable OutputStream announced)
      throws IOException {
    int begin = to.size();
    int plugin = links.size() - 1;
    try {
      List<Event> events = List.of(event.event());
      for (int i = 0; i < links.size(); i++) {
        if (announced != null) {
          watch.rests();
          new FrameOutput().integer(i).send(announced, Kind.AT);
        }
        watch.at(index, i, System.nanoTime());
        events = through(i, events);
        if (events.isEmpty()) {
          links.get(i).dropped++;
          to.small(Kind.DROPPED).small(i);
          return;
        }
      }
      write(event, events, to);
    } catch (Failed e) {
      to.cut(begin);
      failed(e.plugin, String.valueOf(e.getMessage()), to);
    } catch (IllegalArgumentException | NullPointerException e) {
      to.cut(begin); // what the last one made cannot be written
      failed(plugin, String.valueOf(e.getMessage()), to);
    }
  }

  private void failed(int plugin, String why, FrameOutput to) throws IOException {
    links.get(plugin).failed++;
    to.small(Kind.FAILED).small(plugin).text(why);
  }

  private List<Event> through(int index, List<Event> events) throws Failed {
    Link link = links.get(index);
    Thread.currentThread().setContextClassLoader(link.loader);
    List<Event> all = new ArrayList<>();
    long began = System.nanoTime();
    try {
      for (Event event : events) {
        link.in++;
        List<Event> made = link.plugin.process(event);
        if (made == null) {
          throw new Failed(index, "it returned null; an empty list leaves an event out", null);
        }
        for (Event each : made) {
          if (each == null) {
            throw new Failed(index, "it returned a list with null in it", null);
          }
          if (all.size() == limits.events()) {
            throw new Failed(
                index, "it made more than " + limits.events() + " events of one", null);
          }
          all.add(each);
        }
      }
    } catch (Failed e) {
      throw e;
    } catch (VirtualMachineError e) {
      if (!(e instanceof StackOverflowError)) {
        watch.fault("ran into " + e.getClass().getName());
      }
      throw new Failed(index, "it failed: java.lang.StackOverflowError", e);
    } catch (Throwable e) {
      throw new Failed(index, "it failed: " + told(e), e);
    } finally {
      Thread.interrupted(); // whoever has interrupted this thread meant the event
      link.nanos += System.nanoTime() - began;
    }
    link.made += all.size();
    return apart(all);
  }

  /** An event that is there twice becomes two. */
  private static List<Event> apart(List<Event> events) {
    if (events.size() < 2) {
      return events;
    }
    Set<Event> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    events.replaceAll(event -> seen.add(event) ? event : event.copy());
    return events;
  }

  private void write(OpenedEvent before, List<Event> events, FrameOutput to) throws IOException {
    int begin = to.size();
    to.small(Kind.EVENTS_MADE).integer(events.size());
    boolean changed = false;
    for (Event event : events) {
      int from = to.size();
      changed |= before.writeChange(to, event);
      long bytes = to.size() - from + (events.size() == 1 ? 0L : before.bytes());
      if (to.size() - begin > limits.bytes() || bytes * events.size() > 2L * limits.bytes()) {
        throw new IllegalArgumentException(
            "what it made takes more than " + limits.bytes() + " bytes");
      }
    }
    if (!changed && events.size() == 1) {
      to.cut(begin);
      to.small(Kind.UNCHANGED);
    }
  }

  /** Writes what each has done since the last time. */
  void writeCounts(FrameOutput out) throws IOException {
    for (Link link : links) {
      out.number(link.in).number(link.made).number(link.dropped).number(link.failed);
      out.number(link.nanos);
      link.in = 0;
      link.made = 0;
      link.dropped = 0;
      link.failed = 0;
      link.nanos = 0;
    }
  }

  /** An exception in words, with the place that threw it. */
  private static String told(Throwable error) {
    String text;
    try {
      text = error.toString();
      StackTraceElement[] trace = error.getStackTrace();
      if (trace.length > 0) {
        text += " at " + trace[0];
      }
    } catch (RuntimeException | StackOverflowError e) {
      text = error.getClass().getName();
    }
    return text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) : text;
  }
}
