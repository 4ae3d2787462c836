package weir.collect;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.log.Appended;

/**
 * What follows of how the raw log has ended one request: whether the log is well, what its key's
 * quota gets back, and what the client is told.
 */
final class Storing implements StoredParts.Whole {
  private final Reception reception;
  private final WriteKey key;
  private final int events;
  private final Consumer<@Nullable Refusal> told;

  /**
   * @param told why it is not stored, null if it is; on a log's thread, must not block
   */
  Storing(Reception reception, WriteKey key, int events, Consumer<@Nullable Refusal> told) {
    this.reception = reception;
    this.key = key;
    this.events = events;
    this.told = told;
  }

  @Override
  public void done(Appended outcome) {
    switch (outcome) {
      case Appended.Stored stored -> {
        reception.health().stored();
        told.accept(null);
      }
      case Appended.Full full -> {
        fullBecause(full.why());
        told.accept(given(events, Refusal.logFull()));
      }
    }
  }

  @Override
  public void partly(int lost, String why) {
    fullBecause(why);
    told.accept(given(lost, Refusal.partlyStored()));
  }

  @Override
  public void failed(Exception failure, int lost) {
    boolean tooLarge = failure instanceof IllegalArgumentException;
    if (!tooLarge) {
      reception.health().troubled("the raw log has failed");
    }
    told.accept(given(lost, tooLarge ? Refusal.tooLargeForLog() : Refusal.logFailed()));
  }

  /** Nothing of it came to the log. */
  Refusal none(Refusal why) {
    return given(events, why);
  }

  private Refusal given(int lost, Refusal why) {
    reception.admission().giveBack(key, lost);
    return why;
  }

  private void fullBecause(String why) {
    reception
        .health()
        .troubled("the raw log is full (" + why + "); log.raw_limit and log.disk_reserve bound it");
  }
}
