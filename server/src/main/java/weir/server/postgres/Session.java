package weir.server.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.metadata.Asker;

/**
 * The messages of one client that has proved who it is. Used by one thread, beside one that reads,
 * but for cancel.
 */
final class Session {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  static final int MAX_KEPT = 1000;
  private static final int READ_AHEAD = 16;

  private final Asker asker;
  private final QueryClient client;
  private final DataInputStream in;
  private final BackendOutput out;
  private final SessionParameters parameters;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Map<String, Portal> portals = new HashMap<>();
  private final BlockingQueue<FrontendMessage> inbox = new ArrayBlockingQueue<>(READ_AHEAD);
  private final Transaction transaction;
  private final Commands commands;
  private boolean skipping;
  private volatile @Nullable String runningId;

  Session(
      Asker asker,
      QueryClient client,
      DataInputStream in,
      BackendOutput out,
      SessionParameters parameters) {
    this.asker = asker;
    this.client = client;
    this.in = in;
    this.out = out;
    this.parameters = parameters;
    this.transaction = new Transaction(parameters);
    this.commands =
        new Commands(client, out, parameters, transaction, statements, id -> runningId = id);
  }

  /** Answers messages until the client ends. */
  void run() throws IOException, InterruptedException {
    Thread reader = Thread.ofVirtual().name("postgres-read").start(this::read);
    try {
      out.ready(transaction.state());
      while (true) {
        FrontendMessage message = inbox.take();
        if (message.type() == 'X') {
          return;
        }
        answer(message);
      }
    } finally {
      reader.interrupt();
      portals.values().forEach(Portal::close);
      commands.close();
    }
  }

  /** Reads ahead a little, so that what runs is cancelled when the client goes. */
  private void read() {
    try {
      FrontendMessage message;
      do {
        message = next();
        inbox.put(message);
      } while (message.type() != 'X');
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private FrontendMessage next() {
    try {
      return FrontendMessage.read(in);
    } catch (IOException gone) {
      try {
        cancel();
      } catch (IOException e) {
        LOG.debug("a query of a client that has gone was not cancelled", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return FrontendMessage.terminate();
    }
  }

  /** Cancels what runs now. Any thread. */
  void cancel() throws IOException, InterruptedException {
    String id = runningId;
    if (id != null) {
      client.cancel(asker, id);
    }
  }

  private void answer(FrontendMessage message) throws IOException, InterruptedException {
    if (skipping && message.type() != 'S') {
      return;
    }
    try {
      switch (message.type()) {
        case 'Q' -> simple(message.text());
        case 'P' -> parse(message);
        case 'B' -> bind(message);
        case 'D' -> describe(message);
        case 'E' -> execute(message);
        case 'C' -> close(message);
        case 'S' -> sync();
        case 'H' -> out.flush();
        case 'd', 'c', 'f' -> {} // of a COPY that was refused
        default ->
            throw new PostgresException(
                "0A000", "messages of type " + message.type() + " are not supported");
      }
    } catch (PostgresException e) {
      failed(e);
      if (message.type() == 'Q') {
        out.ready(transaction.state());
      } else {
        skipping = true;
        out.flush();
      }
    } finally {
      runningId = null;
    }
  }

  private void failed(PostgresException error) throws IOException {
    out.error(error);
    transaction.fail();
  }

  private void sync() throws IOException {
    skipping = false;
    if (!transaction.isOpen()) {
      portals.values().forEach(Portal::close);
      portals.clear();
    }
    out.ready(transaction.state());
  }

  private void simple(String text) throws PostgresException, IOException, InterruptedException {
    drop("");
    statements.remove("");
    List<SqlText> all = SqlText.split(text);
    if (all.isEmpty()) {
      out.message('I');
    }
    for (SqlText sql : all) {
      simple(sql);
    }
    out.ready(transaction.state());
  }

  private void simple(SqlText sql) throws PostgresException, IOException, InterruptedException {
    PreparedStatement statement = new PreparedStatement(Optional.of(sql), List.of());
    try (Portal portal = portal(statement, List.of(), List.of())) {
      transaction.check(statement.command());
      if (statement.command().isEmpty()) {
        runningId = portal.queryId();
        out.message('T', portal.description(client));
      } else if (Commands.hasRows(statement.command().get())) {
        commands.describe(statement.command().get());
      }
      run(portal, 0);
    } catch (PostgresException e) {
      throw e.shifted(sql.start());
    }
  }

  private Portal portal(
      PreparedStatement statement, List<@Nullable String> values, List<Boolean> binary) {
    return new Portal(statement, asker, values, binary, parameters.settings());
  }

  private void parse(FrontendMessage message) throws PostgresException, IOException {
    String name = message.text();
    List<SqlText> texts = SqlText.split(message.text());
    List<Integer> types = new ArrayList<>();
    for (int left = message.int16(); left > 0; left--) {
      types.add(message.int32());
    }
    if (texts.size() > 1) {
      throw new PostgresException("42601", "only one statement can be prepared");
    }
    if (!name.isEmpty() && statements.containsKey(name)) {
      throw new PostgresException("42P05", "prepared statement \"" + name + "\" already exists");
    }
    if (statements.size() >= MAX_KEPT) {
      throw new PostgresException("53400", "there are " + MAX_KEPT + " prepared statements");
    }
    Optional<SqlText> text = texts.stream().findFirst();
    statements.put(name, new PreparedStatement(text, List.copyOf(types)));
    out.message('1');
  }

  private PreparedStatement statement(String name) throws PostgresException {
    PreparedStatement statement = statements.get(name);
    if (statement == null) {
      throw new PostgresException("26000", "there is no prepared statement \"" + name + "\"");
    }
    return statement;
  }

  private Portal portal(String name) throws PostgresException {
    Portal portal = portals.containsKey(name) ? portals.get(name) : commands.find(name);
    if (portal == null) {
      throw new PostgresException("34000", "there is no portal \"" + name + "\"");
    }
    return portal;
  }

  private void drop(String portal) {
    Portal old = portals.remove(portal);
    if (old != null) {
      old.close();
    }
  }

  private static List<Boolean> formats(FrontendMessage message) throws PostgresException {
    List<Boolean> formats = new ArrayList<>();
    for (int left = message.int16(); left > 0; left--) {
      formats.add(message.int16() == 1);
    }
    return formats;
  }

  private void bind(FrontendMessage message)
      throws PostgresException, IOException, InterruptedException {
    String name = message.text();
    PreparedStatement statement = statement(message.text());
    List<Boolean> formats = formats(message);
    List<@Nullable String> values = new ArrayList<>();
    int count = message.int16();
    if (statement.lacksTypes(count)) {
      describe(statement);
    }
    for (int i = 0; i < count; i++) {
      int length = message.int32();
      boolean binary =
          formats.size() == 1 ? formats.getFirst() : i < formats.size() && formats.get(i);
      values.add(
          length < 0 ? null : ParameterText.of(message.bytes(length), statement.type(i), binary));
    }
    drop(name);
    if (portals.size() >= MAX_KEPT) {
      throw new PostgresException("53400", "there are " + MAX_KEPT + " portals");
    }
    portals.put(name, portal(statement, values, formats(message)));
    out.message('2');
  }

  private void describe(FrontendMessage message)
      throws PostgresException, IOException, InterruptedException {
    boolean isPortal = message.character() == 'P';
    String name = message.text();
    PreparedStatement statement = isPortal ? portal(name).statement() : statement(name);
    try {
      if (statement.isEmpty() || statement.command().isPresent()) {
        describeCommand(statement, isPortal);
      } else if (isPortal) {
        transaction.check(statement.command());
        runningId = portal(name).queryId();
        out.message('T', portal(name).description(client));
      } else {
        PreparedStatement.send(describe(statement), out);
      }
    } catch (PostgresException e) {
      throw e.shifted(statement.start());
    }
  }

  private void describeCommand(PreparedStatement statement, boolean isPortal)
      throws PostgresException, IOException, InterruptedException {
    if (!isPortal) {
      out.message('t', new byte[2]);
    }
    if (statement.command().isPresent()) {
      commands.describe(statement.command().get());
    } else {
      out.message('n');
    }
  }

  private JsonNode describe(PreparedStatement statement)
      throws PostgresException, InterruptedException {
    String id = UUID.randomUUID().toString();
    runningId = id;
    return statement.describe(client, asker, id, parameters.settings());
  }

  private void execute(FrontendMessage message)
      throws PostgresException, IOException, InterruptedException {
    Portal portal = portal(message.text());
    int limit = message.int32();
    try {
      run(portal, limit);
    } catch (PostgresException e) {
      portal.close();
      throw e.shifted(portal.statement().start());
    }
  }

  private void close(FrontendMessage message) throws PostgresException, IOException {
    char what = message.character();
    String name = message.text();
    if (what == 'P') {
      drop(name);
    } else {
      statements.remove(name);
    }
    out.message('3');
  }

  private void run(Portal portal, int limit)
      throws PostgresException, IOException, InterruptedException {
    PreparedStatement statement = portal.statement();
    transaction.check(statement.command());
    if (statement.isEmpty()) {
      out.message('I');
    } else if (statement.command().isPresent()) {
      commands.run(statement.command().get(), portal);
    } else {
      runningId = portal.queryId();
      portal.execute(client, limit, out);
    }
  }
}
