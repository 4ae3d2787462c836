package weir.server.roles;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import weir.config.Configuration;
import weir.config.Settings;
import weir.directory.DataDirectory;
import weir.directory.Role;
import weir.server.startup.StartupCache;

/** How a role is started as a child: the same Java, the same class path, flags of its own. */
final class ChildCommand {
  private static final long CONVERSION_HEAP = 128L << 20;

  /**
   * The heap and the processors up to which events are decided and stored a third faster with the
   * serial collector than with G1, which works beside them all the time; its pauses are then at
   * most 0.15 s.
   */
  private static final long SMALL_HEAP = 2L << 30;

  private static final int FEW = 4;

  private ChildCommand() {}

  static ProcessBuilder of(Role role, Configuration configuration, DataDirectory directory) {
    long heap = configuration.get(role == Role.QUERY ? Settings.QUERY_HEAP : Settings.ENGINE_HEAP);
    List<String> command = java(heap, role.label(), directory, directory.libraries(role));
    if (role == Role.QUERY) {
      // what it keeps are large arrays, which this one moves and marks least
      command.add(1, "-XX:+UseParallelGC");
      command.add(2, "-XX:MetaspaceSize=64m"); // else a start collects all for the sake of classes
    } else if (heap <= SMALL_HEAP && Runtime.getRuntime().availableProcessors() <= FEW) {
      command.add(1, "-XX:+UseSerialGC");
    }
    command.add("weir.server.RoleMain");
    command.add(role.label());
    command.add(directory.settings().toString());
    return builder(command);
  }

  /**
   * The process for a project's statements.
   *
   * @param folder that is its own; exists
   */
  static ProcessBuilder statements(
      String project, Path folder, Configuration configuration, DataDirectory directory) {
    long heap = configuration.get(Settings.QUERY_STATEMENT_HEAP);
    List<String> command = java(heap, StatementRole.label(project), directory, folder);
    command.add(1, "-XX:+UseSerialGC");
    command.add("weir.server.StatementMain");
    command.add(directory.settings().toString());
    command.add(project);
    command.add(folder.toString());
    return builder(command);
  }

  /**
   * The process that converts a file.
   *
   * @param folder of that file
   */
  static ProcessBuilder conversion(
      Path folder, Configuration configuration, DataDirectory directory) {
    List<String> command = java(CONVERSION_HEAP, "conversion", directory, folder);
    command.addAll(1, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("weir.server.ConversionMain");
    command.add(folder.toString());
    command.add(configuration.get(Settings.LAKE_WRITER_MEMORY).toString());
    return builder(command);
  }

  /**
   * The process for a project's plug-ins, which are users' code.
   *
   * @param heap bytes
   * @param folder for temporary files; exists
   */
  static ProcessBuilder plugins(long heap, Path folder) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx" + heap,
            "-Xms8m",
            "-XX:+UseSerialGC",
            "-XX:MaxMetaspaceSize=128m",
            "-XX:MaxDirectMemorySize=16m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-OmitStackTraceInFastThrow",
            "-XX:ErrorFile=/dev/null",
            "-XX:-UsePerfData",
            "-Dfile.encoding=UTF-8"));
    StartupCache.named().ifPresent(cache -> command.addAll(cache.options()));
    command.add("-Djava.io.tmpdir=" + folder);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("weir.server.PluginMain");
    return builder(command);
  }

  private static List<String> java(
      long heap, String label, DataDirectory directory, Path temporary) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heap);
    command.add("-Xms32m");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-XX:ErrorFile=" + directory.logs().resolve(label + "-crash-%p.log"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Dfile.encoding=UTF-8");
    command.add("-Dio.netty.jfr.enabled=false"); // else each start makes Flight Recorder ready
    command.add("-XX:-UsePerfData");
    command.add("-XX:TrimNativeHeapInterval=15000");
    StartupCache.named().ifPresent(cache -> command.addAll(cache.options()));
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    return command;
  }

  private static ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    withoutSettings(builder.environment());
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return builder;
  }

  /** The file holds all settings already; an environment over it might only confuse. */
  private static void withoutSettings(Map<String, String> environment) {
    Settings.all().forEach(setting -> environment.remove(setting.environmentName()));
  }
}
