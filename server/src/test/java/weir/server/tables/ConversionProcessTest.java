package weir.server.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.lake.StoredColumn;
import weir.lake.stored.StoredInput;
import weir.lake.stored.TableConversion;
import weir.lake.stored.UnreadableInputException;
import weir.lake.stored.UnreadableInputException.Reason;
import weir.testkit.ChildProcess;

class ConversionProcessTest {
  private static final BooleanSupplier NEVER = () -> false;
  private static final long MEMORY = 256L << 20;
  private static final long PLENTY = 4L << 30;

  @TempDir Path folder;

  private static ProcessBuilder real(Path folder) {
    List<String> jvm =
        List.of(
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + folder);
    return new ProcessBuilder(
        ChildProcess.java(
            jvm, "weir.server.ConversionMain", folder.toString(), Long.toString(MEMORY)));
  }

  private TableConversion.Converted convert(
      Function<Path, ProcessBuilder> command, String csv, long memory, BooleanSupplier cancelled)
      throws Exception {
    Path input = Files.writeString(folder.resolve("in.csv"), csv);
    Path output = folder.resolve("out.parquet");
    Files.deleteIfExists(output);
    Files.createFile(output);
    try {
      return new ConversionProcess(command, memory, System::nanoTime)
          .convert(
              new TableConversion.Request(
                  new StoredInput(input, StoredInput.Format.CSV, Map.of("id", "VARCHAR")),
                  new TableConversion.FieldIds(Map.of("price", 7), 9),
                  output,
                  new TableConversion.Limits(1000, 1 << 20, Duration.ofMinutes(5))),
              cancelled);
    } finally {
      try (Stream<Path> left = Files.list(folder)) {
        assertThat(left).containsExactlyInAnyOrder(input, output);
      }
    }
  }

  private static void refused(ThrowingCallable call, Reason why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UnreadableInputException.class, e -> assertThat(e.reason()).isEqualTo(why));
  }

  @Test
  void aFileBecomesATableInAProcessOfItsOwn() throws Exception {
    TableConversion.Converted converted =
        convert(ConversionProcessTest::real, "id,price\n007,1.5\n8,2\n", PLENTY, NEVER);
    assertThat(converted.rows()).isEqualTo(2);
    assertThat(converted.columns())
        .containsExactly(
            new StoredColumn("id", "VARCHAR", 10), new StoredColumn("price", "DOUBLE", 7));
    byte[] parquet = Files.readAllBytes(folder.resolve("out.parquet"));
    assertThat(parquet).startsWith('P', 'A', 'R', '1').hasSize((int) converted.bytes());
  }

  @Test
  void whatIsNoTableIsRefusedWithItsReason() {
    refused(
        () -> convert(ConversionProcessTest::real, "id,price\n1,2,3\n", PLENTY, NEVER),
        Reason.INVALID);
    refused(
        () -> convert(ConversionProcessTest::real, "id\n" + "1\n".repeat(1001), PLENTY, NEVER),
        Reason.TOO_MANY_ROWS);
  }

  @Test
  void aProcessThatEndsOrTakesTooMuchIsTheFilesFault() {
    refused(
        () -> convert(in -> new ProcessBuilder("sh", "-c", "exit 3"), "id\n1\n", PLENTY, NEVER),
        Reason.INVALID);
    refused(
        () -> convert(ConversionProcessTest::real, "id\n1\n", 1 << 20, NEVER), Reason.TOO_LARGE);
  }

  @Test
  void whoGoesEndsIt() {
    AtomicInteger asked = new AtomicInteger();
    refused(
        () ->
            convert(
                in -> new ProcessBuilder("sh", "-c", "exec sleep 1000"),
                "id\n1\n",
                PLENTY,
                () -> asked.incrementAndGet() > 2),
        Reason.CANCELLED);
  }
}
