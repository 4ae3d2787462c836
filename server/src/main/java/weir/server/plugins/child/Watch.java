package weir.server.plugins.child;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Looks, beside the thread that runs plug-ins, whether an event takes too long or threads are left
 * behind, or somebody ends the process; tells the engine at which event, and ends the process.
 */
final class Watch {
  /** What the process ends with when it has told why. */
  static final int TOLD = 70;

  private static final long LOOK_MILLIS = 20;

  private final OutputStream out;
  private final Limits limits;
  private final Object writing = new Object();
  private final ThreadGroup everybody = top();
  private final int threadsBefore;

  private boolean running;
  private long began;
  private int index;
  private int plugin;

  Watch(OutputStream out, Limits limits) {
    this.out = out;
    this.limits = limits;
    this.threadsBefore = everybody.activeCount() + 2;
  }

  private static ThreadGroup top() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  void start() {
    Thread.ofPlatform().name("weir-plugin-watch").daemon().start(this::watch);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("weir-plugin-exit")
                .unstarted(() -> fault("ended the process")));
  }

  /** The next event, or the next plug-in for the same one. */
  void at(int eventIndex, int pluginIndex, long now) {
    synchronized (writing) {
      if (!running || index != eventIndex) {
        began = now;
      }
      index = eventIndex;
      plugin = pluginIndex;
      running = true;
    }
  }

  /** No event is under way; until the next one nobody writes but who calls this. */
  void rests() {
    synchronized (writing) {
      running = false;
    }
  }

  private void watch() {
    while (true) {
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        continue; // a plug-in may interrupt whom it likes
      }
      boolean late;
      synchronized (writing) {
        late = running && System.nanoTime() - began > limits.event().toNanos();
      }
      if (late) {
        fault("took longer than " + limits.event().toMillis() + " ms");
      }
      if (everybody.activeCount() - threadsBefore > limits.threads()) {
        fault("left more than " + limits.threads() + " threads running");
      }
    }
  }

  /** Says what the plug-in under way has done, and ends the process. */
  void fault(String what) {
    synchronized (writing) {
      if (running) {
        try {
          new FrameOutput().integer(index).integer(plugin).text(what).send(out, Kind.FAULT);
        } catch (IOException e) {
          Runtime.getRuntime().halt(1); // nobody listens
        }
      }
      Runtime.getRuntime().halt(TOLD);
    }
  }
}
