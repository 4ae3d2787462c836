package weir.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weir.lake.LakeFile;

/**
 * The rows of a lake once more as others keep them: zstd Parquet in the order of time, a file a
 * day, and beside them which actor became which person.
 */
final class TimedParquet {
  private final Path folder;

  private TimedParquet(Path folder) {
    this.folder = folder;
  }

  /** Writes them, or finds what was written before. */
  static TimedParquet of(VisitData data, PrintStream out) throws IOException, SQLException {
    Path folder = data.folder().resolve("timed");
    Path ready = folder.resolve("merges.parquet");
    if (!Files.exists(ready)) {
      Trees.delete(folder);
      Files.createDirectories(folder);
      out.println("writing the same rows in the order of time");
      write(data.files(), folder, ready);
    }
    return new TimedParquet(folder);
  }

  /** A glob of the events' files. */
  String events() {
    return folder + "/day-*.parquet";
  }

  /** A file of anonymous_id and user_id of those who signed in. */
  String merges() {
    return folder + "/merges.parquet";
  }

  private static void write(List<LakeFile> files, Path folder, Path merges)
      throws IOException, SQLException {
    Map<LocalDate, List<String>> days = new TreeMap<>();
    files.forEach(file ->
        days.computeIfAbsent(file.day(), day -> new ArrayList<>()).add("'" + file.path() + "'"));
    Path spill = Files.createDirectories(folder.resolve("spill"));
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("set memory_limit = '3GB'");
      statement.execute("set threads = 2");
      statement.execute("set temp_directory = '" + spill + "'");
      for (Map.Entry<LocalDate, List<String>> day : days.entrySet()) {
        statement.execute(
            "copy (select * from "
                + read(String.join(", ", day.getValue()))
                + " order by timestamp) to '"
                + folder.resolve("day-" + day.getKey() + ".parquet")
                + "' (format parquet, compression zstd)");
      }
      statement.execute(
          "copy (select anonymous_id, user_id from "
              + read("'" + folder + "/day-*.parquet'")
              + " where event = 'identified') to '"
              + merges
              + "' (format parquet)");
    }
    Trees.delete(spill);
  }

  private static String read(String files) {
    return "read_parquet([" + files + "], union_by_name = true, hive_partitioning = false)";
  }
}
