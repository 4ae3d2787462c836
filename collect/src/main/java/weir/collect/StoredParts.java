package weir.collect;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.log.Appended;
import weir.log.GroupCommit;

/**
 * Gathers how the parts of a request end, and tells once all have. The request is stored when each
 * of them is. Told by the threads of several logs.
 */
final class StoredParts {
  /** Who waits for a request: told on a log's thread, exactly once; must not block. */
  interface Whole extends GroupCommit.Callback {
    /**
     * Some parts are stored and others are not: their logs are full, or busy.
     *
     * @param lost how many events are certainly not stored
     */
    void partly(int lost);

    /**
     * A part has failed as {@link #failed} says; others may be stored.
     *
     * @param lost how many events of other parts are certainly not stored
     */
    void failed(Exception failure, int lost);

    @Override
    default void failed(Exception failure) {
      failed(failure, 0);
    }
  }

  private final Whole whole;
  private int left;
  private int lost;
  private Appended.@Nullable Stored stored;
  private Appended.@Nullable Full full;
  private @Nullable Exception failure;

  StoredParts(int parts, Whole whole) {
    this.left = parts;
    this.whole = whole;
  }

  /** Who is told of one part. */
  GroupCommit.Callback part(int events) {
    return new GroupCommit.Callback() {
      @Override
      public void done(Appended outcome) {
        end(outcome, events, null);
      }

      @Override
      public void failed(Exception why) {
        end(null, 0, why);
      }
    };
  }

  /** A log has taken a part not even to its queue. */
  void refused(int events) {
    end(new Appended.Full("too much waits to be written"), events, null);
  }

  private void end(@Nullable Appended outcome, int events, @Nullable Exception why) {
    boolean last;
    synchronized (this) {
      switch (outcome) {
        case Appended.Stored its -> stored = its;
        case Appended.Full its -> {
          full = its;
          lost += events;
        }
        case null -> failure = isWorse(why) ? why : failure;
      }
      last = --left == 0;
    }
    if (last) {
      tell();
    }
  }

  /** That it is not certain what is stored weighs more than that a log takes no such frame. */
  private boolean isWorse(@Nullable Exception why) {
    return failure == null || !(why instanceof IllegalArgumentException);
  }

  private void tell() {
    Appended.Full refusing = full;
    Appended.Stored some = stored;
    if (failure != null) {
      whole.failed(failure, lost);
    } else if (refusing == null) {
      whole.done(Objects.requireNonNull(some));
    } else if (some == null) {
      whole.done(refusing);
    } else {
      whole.partly(lost);
    }
  }
}
