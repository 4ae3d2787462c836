package weir.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import weir.event.Position;
import weir.log.files.FileHandle;
import weir.log.files.Files;
import weir.log.files.Publication;

/**
 * Names the files that make up the duplicate index, and the clean-log position that they cover:
 * lines of text, the last one the CRC32C of those before. Replaced as a whole.
 *
 * @param upTo every accepted event before it is in the runs, and none after it
 * @param nextNumber of the next run's file
 * @param runs file names
 */
record DuplicateManifest(Position upTo, long nextNumber, List<String> runs) {
  static final String NAME = "manifest";
  private static final String FIRST_LINE = "weir-duplicates 1";

  DuplicateManifest {
    runs = List.copyOf(runs);
  }

  /** The one in a directory, if there is one. */
  static Optional<DuplicateManifest> read(Files files, Path directory) throws IOException {
    try (FileHandle file = files.open(directory.resolve(NAME))) {
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
      file.read(bytes, 0);
      return Optional.of(parse(new String(bytes.array(), StandardCharsets.UTF_8)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static DuplicateManifest parse(String text) throws IOException {
    List<String> lines = text.lines().toList();
    int end = text.lastIndexOf("crc32c ");
    if (end < 0
        || lines.size() < 4
        || !lines.getFirst().equals(FIRST_LINE)
        || !lines.getLast().equals(checksum(text.substring(0, end)))) {
      throw new IOException("the manifest of the duplicate index is broken");
    }
    return new DuplicateManifest(
        Position.parse(value(lines.get(1), "clean ")),
        Long.parseLong(value(lines.get(2), "next ")),
        lines.subList(3, lines.size() - 1).stream().map(line -> value(line, "run ")).toList());
  }

  private static String value(String line, String name) {
    if (!line.startsWith(name)) {
      throw new IllegalArgumentException("not " + name + "in the manifest: " + line);
    }
    return line.substring(name.length());
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return "crc32c " + Long.toHexString(crc.getValue());
  }

  /** Makes this the one that {@link #read} answers, also after a power cut. */
  void write(Files files, Path directory) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(FIRST_LINE);
    lines.add("clean " + upTo);
    lines.add("next " + nextNumber);
    runs.forEach(run -> lines.add("run " + run));
    String text = String.join("\n", lines) + "\n";
    byte[] bytes = (text + checksum(text) + "\n").getBytes(StandardCharsets.UTF_8);
    Publication.publish(files, directory.resolve(NAME), bytes);
  }
}
