package weir.server.roles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import weir.directory.PrivateFile;
import weir.event.ProjectProperties;
import weir.process.PropertySchema;
import weir.query.tables.PropertyFiles;

/** Tells the query role what is known of projects' properties, through a file for each. */
record PropertyPublication(Path folder) implements PropertySchema.Publication {
  @Override
  public void publish(String project, ProjectProperties properties) {
    Path file = PropertyFiles.file(folder, project);
    byte[] content = properties.encode();
    try {
      if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
        PrivateFile.publish(file, content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("what is known of properties cannot be written", e);
    }
  }
}
