package weir.process;

import org.jspecify.annotations.Nullable;
import weir.event.Position;
import weir.event.RawPosition;

/** Events that were decided together and are not known to be in the tables. */
final class LedgerRound {
  final LedgerSums events = new LedgerSums();

  private Position end;
  private @Nullable RawPosition decided;

  LedgerRound(Position end, @Nullable RawPosition decided) {
    this.end = end;
    this.decided = decided;
  }

  /** Makes this round and the one after it one. */
  void extend(LedgerRound next) {
    events.addAll(next.events);
    moveTo(next.end, next.decided);
  }

  void moveTo(Position newEnd, @Nullable RawPosition lastDecided) {
    end = newEnd;
    decided = lastDecided;
  }

  /** Up to where the clean log was read for it. */
  Position end() {
    return end;
  }

  /** The last decision before its end. */
  @Nullable RawPosition decided() {
    return decided;
  }

  int size() {
    return events.size();
  }
}
