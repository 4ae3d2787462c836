package weir.collect;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weir.log.Appended;

/**
 * What follows of how the raw log has ended one request: what its key's quota gets back, and what
 * the client is told.
 */
final class Storing implements StoredParts.Whole {
  private final Admission admission;
  private final WriteKey key;
  private final int events;
  private final Consumer<@Nullable Refusal> told;

  /**
   * @param told why it is not stored, null if it is; on a log's thread, must not block
   */
  Storing(Admission admission, WriteKey key, int events, Consumer<@Nullable Refusal> told) {
    this.admission = admission;
    this.key = key;
    this.events = events;
    this.told = told;
  }

  @Override
  public void done(Appended outcome) {
    switch (outcome) {
      case Appended.Stored stored -> told.accept(null);
      case Appended.Full full -> told.accept(given(events, Refusal.logFull()));
    }
  }

  @Override
  public void partly(int lost) {
    told.accept(given(lost, Refusal.partlyStored()));
  }

  @Override
  public void failed(Exception failure, int lost) {
    boolean tooLarge = failure instanceof IllegalArgumentException;
    told.accept(given(lost, tooLarge ? Refusal.tooLargeForLog() : Refusal.logFailed()));
  }

  /** Nothing of it came to the log. */
  Refusal none(Refusal why) {
    return given(events, why);
  }

  private Refusal given(int lost, Refusal why) {
    admission.giveBack(key, lost);
    return why;
  }
}
