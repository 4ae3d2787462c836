package weir.server.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;
import weir.config.LogLevel;

/** Sets up this process's logging. */
public final class LogSetup {
  private static final int KEPT_FILES = 5;
  private static final long FILE_BYTES = 20 << 20;
  private static final String[] QUIET = {
    "io.netty", "io.vertx", "org.apache.iceberg", "org.flywaydb"
  };

  private LogSetup() {}

  /**
   * Writes JSON lines to FOLDER/NAME.log (five files of 20 MiB at most) and short lines to standard
   * error; replaces any set-up before it.
   *
   * <p>The file is written by a thread that is started here, so that the process may afterwards
   * give up the right to write files.
   */
  public static void toFileAndConsole(Path folder, String name, LogLevel level) {
    LoggerContext context = reset(name);
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(level.name()));
    root.addAppender(behindThread(context, file(context, folder, name)));
    root.addAppender(console(context, name));
    for (String noisy : QUIET) {
      context.getLogger(noisy).setLevel(Level.WARN);
    }
  }

  /** Says nothing but errors, on standard error: for commands that print a result. */
  public static void quiet() {
    LoggerContext context = reset("cli");
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.ERROR);
    root.addAppender(console(context, "cli"));
  }

  /** Ends logging, so that nothing is left in a buffer. */
  public static void stop() {
    ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
  }

  private static LoggerContext reset(String name) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    String before = context.getName();
    if (before == null || before.equals(CoreConstants.DEFAULT_CONTEXT_NAME)) {
      context.setName(name); // once a process: a rehearsal runs commands in a role's
    }
    return context;
  }

  private static AsyncAppender behindThread(
      LoggerContext context, Appender<ILoggingEvent> appender) {
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setName("log-file");
    async.setQueueSize(1024);
    async.setDiscardingThreshold(0);
    async.addAppender(appender);
    async.start();
    return async;
  }

  private static ConsoleAppender<ILoggingEvent> console(LoggerContext context, String name) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level " + name + " %logger{0}: %msg%n%ex{short}");
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static RollingFileAppender<ILoggingEvent> file(
      LoggerContext context, Path folder, String name) {
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(folder.resolve(name + ".log").toString());
    appender.setEncoder(jsonLines(context));

    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(folder.resolve(name + ".%i.log").toString());
    rolling.setMinIndex(1);
    rolling.setMaxIndex(KEPT_FILES - 1);
    rolling.start();

    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(FILE_BYTES));
    trigger.setCheckIncrement(Duration.buildBySeconds(1));
    trigger.start();

    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    appender.start();
    return appender;
  }

  private static JsonEncoder jsonLines(LoggerContext context) {
    JsonEncoder encoder = new JsonEncoder();
    encoder.setContext(context);
    encoder.setWithSequenceNumber(false);
    encoder.setWithNanoseconds(false);
    encoder.setWithMarkers(false);
    encoder.setWithMessage(false);
    encoder.setWithArguments(false);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    return encoder;
  }
}
