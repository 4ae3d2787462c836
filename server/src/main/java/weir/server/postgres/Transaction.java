package weir.server.postgres;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A transaction block: whether it has failed, its savepoints, and what was set before each. Nothing
 * is written in one, and each statement sees what is there when it starts.
 */
final class Transaction {
  private static final int MAX_SAVEPOINTS = 200;

  private final SessionParameters parameters;
  private final List<Savepoint> savepoints = new ArrayList<>();
  private Map<String, String> before = Map.of();
  private char state = 'I';

  private record Savepoint(String name, Map<String, String> parameters) {}

  Transaction(SessionParameters parameters) {
    this.parameters = parameters;
  }

  /** What ReadyForQuery says of it. */
  char state() {
    return state;
  }

  boolean isOpen() {
    return state != 'I';
  }

  /** A statement has failed. */
  void fail() {
    if (state == 'T') {
      state = 'E';
    }
  }

  /** Refuses all but the end, and the way back to a savepoint, once it has failed. */
  void check(Optional<LocalCommand> command) throws PostgresException {
    boolean ends = command.filter(each -> each.kind().endsFailed()).isPresent();
    if (state == 'E' && !ends) {
      throw new PostgresException(
          "25P02",
          "current transaction is aborted, commands ignored until end of transaction block");
    }
  }

  /** Refuses what makes sense in a block alone. */
  void require(String what) throws PostgresException {
    if (!isOpen()) {
      throw new PostgresException("25P01", what + " can only be used in transaction blocks");
    }
  }

  void begin(BackendOutput out) throws IOException {
    if (isOpen()) {
      out.warning("25001", "there is already a transaction in progress");
      return;
    }
    state = 'T';
    before = parameters.values();
  }

  /**
   * Ends it.
   *
   * @return what the client is told
   */
  String end(LocalCommand command, BackendOutput out) throws IOException {
    boolean undo = command.kind() == LocalCommand.Kind.ROLLBACK || state == 'E';
    if (!isOpen()) {
      out.warning("25P01", "there is no transaction in progress");
    } else if (undo) {
      parameters.restore(before, out);
    } else {
      parameters.endLocal(out);
    }
    savepoints.clear();
    state = 'I';
    return undo ? "ROLLBACK" : command.tag();
  }

  void savepoint(String name) throws PostgresException {
    require("SAVEPOINT");
    if (savepoints.size() >= MAX_SAVEPOINTS) {
      throw new PostgresException("53400", "there are " + MAX_SAVEPOINTS + " savepoints");
    }
    savepoints.add(new Savepoint(name, parameters.values()));
  }

  void release(String name) throws PostgresException {
    require("RELEASE SAVEPOINT");
    int found = find(name);
    savepoints.subList(found, savepoints.size()).clear();
  }

  void rollbackTo(String name, BackendOutput out) throws PostgresException, IOException {
    require("ROLLBACK TO SAVEPOINT");
    int found = find(name);
    parameters.restore(savepoints.get(found).parameters(), out);
    savepoints.subList(found + 1, savepoints.size()).clear();
    state = 'T';
  }

  /** How many savepoints there are. */
  int savepoints() {
    return savepoints.size();
  }

  private int find(String name) throws PostgresException {
    for (int i = savepoints.size() - 1; i >= 0; i--) {
      if (savepoints.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new PostgresException("3B001", "savepoint \"" + name + "\" does not exist");
  }
}
