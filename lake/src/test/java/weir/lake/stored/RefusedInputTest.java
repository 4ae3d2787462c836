package weir.lake.stored;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.lake.ManualClock;
import weir.lake.MemoryTempDir;
import weir.lake.StoredTable;
import weir.lake.writing.OpenLake;

/** Files that are no tables, and what their owners are told. */
final class RefusedInputTest {
  @TempDir(factory = MemoryTempDir.class)
  Path temp;

  private OpenLake open() throws IOException {
    return new OpenLake(
        temp.resolve("lake"),
        weir.log.files.Files.system(),
        ManualClock.atSystemTime(),
        OpenLake.UPKEEP);
  }

  private static StoredTable put(OpenLake open, String name, String csv) throws Exception {
    Path file = open.lake.storedTables().staging().resolve("sent");
    Files.writeString(file, csv);
    return open.lake
        .storedTables()
        .put("shop", name, new StoredInput(file, StoredInput.Format.CSV, Map.of()));
  }

  private static String types(StoredTable table) {
    return table.columns().stream()
        .map(column -> column.name() + " " + column.type())
        .collect(Collectors.joining(", "));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("xl/workbook.xml"));
      zip.write(utf8("<workbook/>"));
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content);
    }
    return bytes.toByteArray();
  }

  private static String refusal(OpenLake open, StoredInput.Format format, byte[] content)
      throws Exception {
    Path file = Files.write(open.lake.storedTables().staging().resolve("sent"), content);
    AtomicReference<String> message = new AtomicReference<>("");
    StoredInput input = new StoredInput(file, format, Map.of());
    assertThatThrownBy(() -> open.lake.storedTables().put("shop", "t", input))
        .isInstanceOf(UnreadableInputException.class)
        .satisfies(e -> message.set(String.valueOf(e.getMessage())));
    assertThat(String.valueOf(message.get()))
        .hasSizeLessThan(1_000)
        .doesNotContain(file.toString());
    return String.valueOf(message.get());
  }

  @Test
  void whatIsNoTableIsCalledWhatItSeemsToBe() throws Exception {
    try (OpenLake open = open()) {
      byte[] json = utf8("{\"a\":1}\n");
      for (StoredInput.Format format : StoredInput.Format.values()) {
        assertThat(refusal(open, format, json))
            .isEqualTo("the file seems to be JSON: tables are made of CSV or Parquet, convert it");
        assertThat(refusal(open, format, zip()))
            .isEqualTo(
                "the file seems to be a ZIP archive, perhaps of Excel (.xlsx): save it as CSV, or"
                    + " unpack it");
        assertThat(refusal(open, format, gzip(json))).contains("gzip");
      }
      for (String text : List.of("[{\"a\":1},\n{\"a\":2}]", "  [\n 1]", "{\n  \"a\": [", "{}")) {
        assertThat(refusal(open, StoredInput.Format.CSV, utf8(text))).as(text).contains("JSON");
      }
      assertThat(refusal(open, StoredInput.Format.CSV, "a,b\n".getBytes(StandardCharsets.UTF_16)))
          .contains("UTF-16");
      assertThat(refusal(open, StoredInput.Format.CSV, utf8("PAR1"))).contains("Parquet");
      assertThat(types(put(open, "odd", "{a},[b],PK,ORCID\n1,2,3,4\n")))
          .isEqualTo("{a} BIGINT, [b] BIGINT, PK BIGINT, ORCID BIGINT");
    }
  }

  @Test
  void columnsWithoutANameOfTheirOwnAreRefusedOrNumbered() throws Exception {
    try (OpenLake open = open()) {
      for (String header : List.of("a,b,a", "a,b, a ")) {
        assertThat(refusal(open, StoredInput.Format.CSV, utf8(header + "\n1,2,3\n")))
            .isEqualTo(
                "the first line names two columns a, which SQL takes for one; give them different"
                    + " names");
      }
      assertThat(refusal(open, StoredInput.Format.CSV, utf8("us,Us\n1,2\n"))).contains("us and Us");
      assertThat(types(put(open, "t", "a,,column1,\n1,2,3,4\n")))
          .isEqualTo("a BIGINT, column1_2 BIGINT, column1 BIGINT, column3 BIGINT");
    }
  }

  @Test
  void aRowThatIsTooLongIsNamedAndNotRepeated() throws Exception {
    try (OpenLake open = open()) {
      String most = "x".repeat(StoredFileWriter.LONGEST_ROW - 10);
      assertThat(put(open, "t", "a,b\n1," + most + "\n").rows()).isEqualTo(1);
      for (String row :
          List.of(
              most + "xxxxxxxxxx",
              "ä".repeat(StoredFileWriter.LONGEST_ROW / 2),
              "\"" + "\"\"".repeat(StoredFileWriter.LONGEST_ROW / 2) + "\"",
              "x".repeat(21_000_000))) {
        assertThat(refusal(open, StoredInput.Format.CSV, utf8("a,b\n1,2\n1," + row + "\n")))
            .isEqualTo("line 3 has more than 2,000,000 bytes, the most that a row of CSV may have");
      }
    }
  }
}
