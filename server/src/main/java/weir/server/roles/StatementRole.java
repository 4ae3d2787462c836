package weir.server.roles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.lake.reading.LakeReader;
import weir.log.EventLog;
import weir.log.PartitionedLog;
import weir.query.LakeSource;
import weir.query.Questions;
import weir.query.door.QueryServer;
import weir.query.duckdb.DuckDbEngine;
import weir.query.hottail.HotTail;
import weir.query.hottail.LakeState;
import weir.query.hottail.TailOptions;
import weir.server.logging.LogSetup;

/**
 * Users' statements over one project, in a process of its own: it can write nothing but its
 * temporary folder and the folder of the project's results.
 */
public final class StatementRole {
  private static final Logger LOG = LoggerFactory.getLogger(StatementRole.class);

  /** How long it may take to read what is newer than the lake; then it serves what it has. */
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  /** Within it, a statement asks again after a commit, or waits for the lake's new files. */
  private static final Duration KEPT = Duration.ofSeconds(20);

  private StatementRole() {}

  /** The name in logs. */
  static String label(String project) {
    return "statements-" + project;
  }

  /**
   * Serves until it is told to stop; ends the process. Prints port and token once it serves.
   * Standard input is the pipe of the engine, at whose end this process ends too.
   *
   * @param folder an empty one for what it writes meanwhile
   */
  public static void run(Configuration configuration, String project, Path folder) {
    DataDirectory directory = new DataDirectory(configuration.get(Settings.DATA));
    LogSetup.toFileAndConsole(
        directory.logs(), label(project), configuration.get(Settings.LOG_LEVEL));
    Stoppables stoppables = new Stoppables();
    Termination termination = new Termination(stoppables);
    Thread.setDefaultUncaughtExceptionHandler(
        RoleProcess.onUncaught(
            () -> Thread.ofPlatform().name("thread-failed").start(() -> termination.end(1))));
    ParentWatch.start(System.in, () -> termination.end(0), stoppables::hurry);
    try {
      RoleContext context = RoleContext.create(Role.QUERY, configuration, directory, stoppables);
      Path results = Files.createDirectories(directory.results(project));
      QueryRole.confine(List.of(folder, results));
      int port = open(context, project, folder, results);
      System.out.println(port + " " + context.token());
      System.out.flush();
    } catch (Exception | Error e) {
      if (!termination.isUnderWay()) {
        LOG.error("statements of {} cannot be run", project, e);
      }
      termination.end(1);
    }
    termination.forever();
  }

  private static int open(RoleContext context, String project, Path folder, Path results)
      throws IOException, InterruptedException {
    Configuration settings = context.configuration();
    LakeReader lake = QueryRole.lake(context);
    EventLog clean = QueryRole.cleanLog(context);
    HotTail tail =
        context
            .stoppables()
            .add(
                "hot tail",
                HotTail.startFor(
                    project,
                    PartitionedLog.of(clean),
                    LakeState.of(lake),
                    tail(settings),
                    System::nanoTime,
                    context.metrics()));
    LakeSource source = LakeSource.only(project, QueryRole.source(context, lake));
    DuckDbEngine engine =
        context
            .stoppables()
            .add(
                "DuckDB",
                new DuckDbEngine(
                    QueryRole.duckDb(settings, folder),
                    source,
                    tail,
                    QueryRole.systemTables(context)));
    tail.onDrop(engine::dropUnusedTail);
    QueryServer server =
        QueryRole.server(
            context,
            engine,
            Questions.NONE,
            QueryRole.options(settings, results, settings.get(Settings.QUERY_STATEMENT_LIMIT)));
    awaitTail(tail);
    return server.port();
  }

  private static TailOptions tail(Configuration settings) {
    TailOptions defaults = TailOptions.defaults();
    long most = settings.get(Settings.QUERY_STATEMENT_HEAP) / 2;
    return new TailOptions(
        Math.min(most, settings.get(Settings.QUERY_TAIL_LIMIT)),
        defaults.generationRows(),
        defaults.lakeEvery(),
        KEPT);
  }

  /** Whoever asks first after a start is to find the newest events too. */
  static void awaitTail(HotTail tail) throws InterruptedException {
    try {
      tail.caughtUp().get(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("the newest events are not all read yet; answers say how fresh they are");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
