package weir.server.statements;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import weir.server.loopback.LoopbackAddress;

/** Finds the process that runs a statement. Safe for use by several threads. */
public interface Statements {
  /**
   * A place in the process of a project, which is started if there is none. A key whose statement
   * has ended a process waits for a while before it gets its next place; other keys do not.
   *
   * @param key the id of the key that asks
   * @return fails with {@link UnavailableException} where no process can be had in time
   */
  CompletableFuture<Place> open(String project, String key);

  /** A project is closed: its process ends, whatever runs in it, and it gets none again. */
  void end(String project);

  /** The processes that there are. */
  List<State> states();

  /** What each process measures, in Prometheus' text format, with its project. May block. */
  List<Measured> metrics();

  /** A statement's place in a process, to be closed when it has its answer. */
  interface Place extends AutoCloseable {
    LoopbackAddress address();

    /**
     * The process has answered that it is about to end.
     *
     * @param toBlame whether this statement is the reason
     */
    void ending(boolean toBlame);

    /** What is to become of a statement whose connection broke before it had its answer. */
    CompletableFuture<Fate> lost();

    @Override
    void close();
  }

  /** What is to become of a statement that has no answer. */
  enum Fate {
    /** It did not run, or is not to blame: it may be tried once more. */
    AGAIN,
    /**
     * It had just come when the process ended, alone in it: it may have met a process that was
     * ending, and may be tried once more; if that ends so too, it is to blame.
     */
    ONCE_MORE,
    /** It has ended its process. */
    TOO_EXPENSIVE,
    /** It, or another one that ran beside it, may have ended the process. */
    LOST;

    /** Whether it may be tried a second time. */
    public boolean mayRepeat() {
      return this == AGAIN || this == ONCE_MORE;
    }
  }

  /**
   * A project's process.
   *
   * @param pid 0 while there is none
   * @param starts of processes since the engine's start
   * @param lastEnd how the last one ended that nobody had asked to; empty if none has
   */
  record State(String project, long pid, long starts, String lastEnd) {}

  /** What a process measures. */
  record Measured(String project, String text) {}

  /** No process can be had now; the message says why. */
  final class UnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
      super(message);
    }
  }
}
