package weir.query;

import java.io.IOException;
import java.nio.file.Path;
import weir.event.ProjectProperties;
import weir.lake.AsOf;
import weir.lake.LakeSnapshot;
import weir.lake.NoSnapshotException;
import weir.lake.reading.LakeReader;

/** Where an engine gets the files of a project's tables. Safe for use by several threads. */
public interface LakeSource {
  /**
   * The project's tables as of now. Their files stay while a query of this snapshot may run.
   *
   * @throws IOException if the lake cannot be read
   * @throws IllegalArgumentException if there can be no such project
   */
  LakeSnapshot snapshot(String project) throws IOException;

  /**
   * The project's tables at an earlier state. Their files stay as long as the state has a name, or
   * for a while.
   *
   * @throws IOException if the lake cannot be read
   * @throws NoSnapshotException if there is no such state, or not any more
   * @throws IllegalArgumentException if there can be no such project
   */
  LakeSnapshot snapshot(String project, AsOf asOf) throws IOException, NoSnapshotException;

  /** The folder that all files of the project's tables are in; no other project's are. */
  Path folder(String project);

  /**
   * What is known of the project's properties: all that matters to any event that a snapshot or a
   * tail holds which was taken before.
   *
   * @throws IOException if it cannot be read
   */
  default ProjectProperties properties(String project) throws IOException {
    return ProjectProperties.UNKNOWN;
  }

  /** Tells what is known of projects' properties. */
  interface PropertySource {
    ProjectProperties properties(String project) throws IOException;
  }

  /** As another one, for one project alone: there are no others. */
  static LakeSource only(String project, LakeSource all) {
    return new LakeSource() {
      @Override
      public LakeSnapshot snapshot(String asked) throws IOException {
        return all.snapshot(checked(asked));
      }

      @Override
      public LakeSnapshot snapshot(String asked, AsOf asOf)
          throws IOException, NoSnapshotException {
        return all.snapshot(checked(asked), asOf);
      }

      @Override
      public Path folder(String asked) {
        return all.folder(checked(asked));
      }

      @Override
      public ProjectProperties properties(String asked) throws IOException {
        return all.properties(checked(asked));
      }

      private String checked(String asked) {
        if (!asked.equals(project)) {
          throw new IllegalArgumentException("there is no project " + asked + " here");
        }
        return asked;
      }
    };
  }

  /** A lake on a disk, of whose properties nothing is known. */
  static LakeSource of(LakeReader reader, Path lake) {
    return of(reader, lake, project -> ProjectProperties.UNKNOWN);
  }

  /** A lake on a disk. */
  static LakeSource of(LakeReader reader, Path lake, PropertySource properties) {
    return new LakeSource() {
      @Override
      public ProjectProperties properties(String project) throws IOException {
        return properties.properties(project);
      }

      @Override
      public LakeSnapshot snapshot(String project) throws IOException {
        return reader.snapshot(project);
      }

      @Override
      public LakeSnapshot snapshot(String project, AsOf asOf)
          throws IOException, NoSnapshotException {
        return reader.snapshot(project, asOf);
      }

      @Override
      public Path folder(String project) {
        return lake.toAbsolutePath().normalize().resolve("warehouse").resolve(project);
      }
    };
  }
}
