package weir.server.postgres;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Runs commands about a session, and knows its cursors and prepared statements. */
final class Commands {
  private final QueryClient client;
  private final BackendOutput out;
  private final SessionParameters parameters;
  private final Transaction transaction;
  private final Map<String, PreparedStatement> statements;
  private final Map<String, Cursor> cursors = new HashMap<>();
  private final Running running;

  /** Told which query runs. */
  interface Running {
    void query(@Nullable String id);
  }

  /** A cursor, and how many savepoints there were when it was declared. */
  private record Cursor(Portal portal, boolean held, int savepoints) {}

  Commands(
      QueryClient client,
      BackendOutput out,
      SessionParameters parameters,
      Transaction transaction,
      Map<String, PreparedStatement> statements,
      Running running) {
    this.client = client;
    this.out = out;
    this.parameters = parameters;
    this.transaction = transaction;
    this.statements = statements;
    this.running = running;
  }

  /** Sends the RowDescription of what a command answers, or NoData. */
  void describe(LocalCommand command) throws PostgresException, IOException, InterruptedException {
    if (command.kind() == LocalCommand.Kind.SHOW) {
      parameters.describe(command.name(), out);
    } else if (command.kind() == LocalCommand.Kind.FETCH) {
      out.message('T', cursor(command.name()).portal().description(client));
    } else {
      out.message('n');
    }
  }

  /** Whether a command answers rows. */
  static boolean hasRows(LocalCommand command) {
    return command.kind() == LocalCommand.Kind.SHOW || command.kind() == LocalCommand.Kind.FETCH;
  }

  /**
   * Runs a command to its end.
   *
   * @param portal that it is the statement of
   */
  void run(LocalCommand command, Portal portal)
      throws PostgresException, IOException, InterruptedException {
    switch (command.kind()) {
      case DECLARE -> declare(command, portal);
      case FETCH -> {
        if (portal.wantsBinary()) {
          throw new PostgresException("0A000", "FETCH gives texts alone; use a portal for binary");
        }
        fetch(command, row -> out.message('D', row));
      }
      case MOVE -> fetch(command, row -> {});
      case CLOSE -> {
        close(command.name());
        out.complete(command.tag());
      }
      case COPY -> copy(command, portal);
      default -> {
        String tag = inSession(command);
        out.complete(tag);
      }
    }
  }

  private String inSession(LocalCommand command) throws PostgresException, IOException {
    switch (command.kind()) {
      case BEGIN -> transaction.begin(out);
      case COMMIT, ROLLBACK -> {
        String tag = transaction.end(command, out);
        closeIf(cursor -> !cursor.held());
        return tag;
      }
      case SAVEPOINT -> transaction.savepoint(command.name());
      case RELEASE -> transaction.release(command.name());
      case ROLLBACK_TO -> {
        transaction.rollbackTo(command.name(), out);
        closeIf(cursor -> cursor.savepoints() >= transaction.savepoints());
      }
      case SET -> parameters.set(command.name(), command.value(), out);
      case SET_LOCAL -> setLocal(command);
      case RESET -> parameters.reset(command.name(), out);
      case SHOW -> parameters.show(command.name(), out);
      case DEALLOCATE -> deallocate(command.name());
      case DISCARD -> {
        deallocate("");
        close("");
        parameters.reset("all", out);
      }
      default -> {}
    }
    return command.tag();
  }

  private void setLocal(LocalCommand command) throws PostgresException, IOException {
    if (transaction.isOpen()) {
      parameters.setLocal(command.name(), command.value(), out);
    } else {
      out.warning("25P01", "SET LOCAL can only be used in transaction blocks");
    }
  }

  private void deallocate(String name) throws PostgresException {
    if (name.isEmpty()) {
      statements.clear();
    } else if (statements.remove(name) == null) {
      throw new PostgresException("26000", "prepared statement \"" + name + "\" does not exist");
    }
  }

  private void declare(LocalCommand command, Portal portal) throws PostgresException, IOException {
    boolean held = command.value().equals(CursorSyntax.HOLD);
    if (!held) {
      transaction.require("DECLARE CURSOR");
    }
    if (cursors.containsKey(command.name())) {
      throw new PostgresException("42P03", "cursor \"" + command.name() + "\" already exists");
    } else if (cursors.size() >= Session.MAX_KEPT) {
      throw new PostgresException("53400", "there are " + Session.MAX_KEPT + " cursors");
    }
    PreparedStatement inner = new PreparedStatement(command.inner(), portal.statement().types());
    cursors.put(
        command.name(), new Cursor(portal.of(inner, List.of()), held, transaction.savepoints()));
    out.complete(command.tag());
  }

  private Cursor cursor(String name) throws PostgresException {
    Cursor cursor = cursors.get(name);
    if (cursor == null) {
      throw new PostgresException("34000", "cursor \"" + name + "\" does not exist");
    }
    return cursor;
  }

  /** What a cursor reads, as a portal of the same name would; null if there is none. */
  @Nullable Portal find(String name) {
    Cursor cursor = cursors.get(name);
    return cursor == null ? null : cursor.portal();
  }

  private void fetch(LocalCommand command, Portal.Rows to)
      throws PostgresException, IOException, InterruptedException {
    Portal portal = cursor(command.name()).portal();
    long limit =
        command.value().equals(CursorSyntax.ALL) ? Long.MAX_VALUE : Long.parseLong(command.value());
    running.query(portal.queryId());
    long count = portal.fetch(client, limit, to);
    out.complete(command.tag() + " " + count);
  }

  private void copy(LocalCommand command, Portal portal)
      throws PostgresException, IOException, InterruptedException {
    CopyCommand copy = CopyCommand.of(command.inner().orElseThrow());
    PreparedStatement query = new PreparedStatement(Optional.of(copy.query()), List.of());
    if (query.command().isPresent()) {
      throw new PostgresException("42601", "COPY is of a query");
    }
    boolean binary = copy.format() == CopyCommand.Format.BINARY;
    try (Portal rows = portal.of(query, List.of(binary))) {
      running.query(rows.queryId());
      List<String> names = RowDescription.names(rows.description(client));
      out.message('H', copy.begin(names.size()));
      data(copy.head(names));
      long count = rows.fetch(client, Long.MAX_VALUE, row -> data(copy.row(row)));
      data(copy.tail());
      out.message('c');
      out.complete(command.tag() + " " + count);
    } catch (PostgresException e) {
      throw e.shifted(copy.query().start());
    }
  }

  private void data(byte[] bytes) throws IOException {
    if (bytes.length > 0) {
      out.message('d', bytes);
    }
  }

  /** Closes a cursor; all if the name is empty. */
  private void close(String name) throws PostgresException {
    if (name.isEmpty()) {
      cursors.values().forEach(cursor -> cursor.portal().close());
      cursors.clear();
    } else {
      Cursor cursor = cursor(name);
      cursor.portal().close();
      cursors.remove(name);
    }
  }

  private void closeIf(Predicate<Cursor> ends) {
    cursors.values().stream().filter(ends).forEach(cursor -> cursor.portal().close());
    cursors.values().removeIf(ends);
  }

  /** Ends what runs for cursors. */
  void close() {
    cursors.values().forEach(cursor -> cursor.portal().close());
  }
}
