package weir.testkit.powercut;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@link Writer} under the tracer. */
final class Recorder {
  private Recorder() {}

  static Recording record(Path directory, String... arguments)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(directory, "record").toRealPath();
    Path trace = work.resolve("trace");
    List<String> java = new ArrayList<>();
    java.add(ProcessHandle.current().info().command().orElseThrow());
    java.add("-XX:+UseSerialGC");
    java.add("-cp");
    java.add(System.getProperty("java.class.path"));
    java.add(Writer.class.getName());
    java.add(work.toString());
    java.addAll(List.of(arguments));
    Path output = work.resolve("output");
    Process process =
        new ProcessBuilder(Strace.command(trace, java))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    return SyscallTrace.read(trace, work.resolve("root"), work.resolve("marks"), work);
  }
}
