package weir.query.tables;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import weir.lake.LakeColumn;
import weir.lake.LakeFile;

/** Adds up what of the lake's files a statement may read. Used by one thread. */
public final class Scans {
  private final Map<LakeFile, Set<Integer>> columns = new HashMap<>();

  public void add(List<LakeFile> files, Collection<LakeColumn> read) {
    for (LakeFile file : files) {
      Set<Integer> ids = columns.computeIfAbsent(file, added -> new HashSet<>());
      read.forEach(column -> ids.add(column.fieldId()));
    }
  }

  public int files() {
    return columns.size();
  }

  /** Compressed bytes of the columns; of a file that does not tell them all of its bytes. */
  public long bytes() {
    long bytes = 0;
    for (Map.Entry<LakeFile, Set<Integer>> scan : columns.entrySet()) {
      LakeFile file = scan.getKey();
      if (file.columnBytes().isEmpty()) {
        bytes += file.bytes();
      } else {
        for (int id : scan.getValue()) {
          bytes += file.columnBytes().getOrDefault(id, 0L);
        }
      }
    }
    return bytes;
  }
}
