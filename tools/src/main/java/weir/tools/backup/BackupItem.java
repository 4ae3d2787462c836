package weir.tools.backup;

import java.nio.file.Path;

/**
 * A file of a backup.
 *
 * @param name its path in the backup, with slashes
 * @param source what to copy, which does not change
 * @param bytes how much of it, from its start
 */
record BackupItem(String name, Path source, long bytes) {}
