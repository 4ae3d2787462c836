package weir.query.tables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import weir.event.ProjectProperties;
import weir.query.LakeSource;

/**
 * What the engine's process tells of projects' properties: a file for each project, replaced as a
 * whole before any event that it says something of can be seen. Safe for use by several threads.
 */
public final class PropertyFiles implements LakeSource.PropertySource {
  private final Path folder;
  private final Map<String, Known> known = new ConcurrentHashMap<>();

  private record Known(Stamp stamp, ProjectProperties properties) {}

  private record Stamp(FileTime modified, long size, @Nullable Object file) {}

  /**
   * Reads the files of a folder, which need not be there yet.
   *
   * @param folder in which they are or will be
   */
  public PropertyFiles(Path folder) {
    this.folder = folder;
  }

  /** The file of a project. */
  public static Path file(Path folder, String project) {
    return folder.resolve(project + ".properties");
  }

  @Override
  public ProjectProperties properties(String project) throws IOException {
    Path file = file(folder, project);
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Stamp stamp =
          new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
      Known last = known.get(project);
      if (last == null || !last.stamp().equals(stamp)) {
        last = new Known(stamp, ProjectProperties.decode(Files.readAllBytes(file)));
        known.put(project, last);
      }
      return last.properties();
    } catch (NoSuchFileException e) {
      return ProjectProperties.NONE;
    }
  }
}
