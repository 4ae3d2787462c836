package weir.lake;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.jspecify.annotations.Nullable;

/** A catalog that can lose the answer of a commit, before or after it was made. */
public final class FaultyCatalog extends JdbcCatalog {
  /** How many commits from now on are made and then not answered. */
  public final AtomicInteger answersToLose = new AtomicInteger();

  /** How many commits from now on are lost on their way. */
  public final AtomicInteger commitsToLose = new AtomicInteger();

  /** How many refreshes fail from the first lost commit on. */
  public final AtomicInteger refreshesToFail = new AtomicInteger();

  /** Runs just before a commit's swap. */
  public volatile Runnable beforeSwap = () -> {};

  private volatile boolean armed;

  public FaultyCatalog(FileIO io, boolean createTables) {
    super(properties -> io, null, createTables);
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier tableIdentifier) {
    return new Operations(super.newTableOps(tableIdentifier));
  }

  private static boolean take(AtomicInteger count) {
    return count.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  private final class Operations implements TableOperations {
    private final TableOperations inner;

    Operations(TableOperations inner) {
      this.inner = inner;
    }

    @Override
    public TableMetadata current() {
      return inner.current();
    }

    @Override
    public TableMetadata refresh() {
      if (armed && take(refreshesToFail)) {
        throw new IllegalStateException("the catalog cannot be reached");
      }
      return inner.refresh();
    }

    @Override
    public void commit(@Nullable TableMetadata base, TableMetadata metadata) {
      if (take(commitsToLose)) {
        armed = true;
        throw new CommitStateUnknownException(new IllegalStateException("lost on its way"));
      }
      beforeSwap.run();
      inner.commit(base, metadata);
      if (take(answersToLose)) {
        armed = true;
        throw new CommitStateUnknownException(new IllegalStateException("the answer was lost"));
      }
    }

    @Override
    public FileIO io() {
      return inner.io();
    }

    @Override
    public EncryptionManager encryption() {
      return inner.encryption();
    }

    @Override
    public String metadataFileLocation(String fileName) {
      return inner.metadataFileLocation(fileName);
    }

    @Override
    public LocationProvider locationProvider() {
      return LocationProviders.locationsFor(
          inner.current().location(), inner.current().properties());
    }

    @Override
    public TableOperations temp(TableMetadata uncommittedMetadata) {
      return inner.temp(uncommittedMetadata);
    }

    @Override
    public long newSnapshotId() {
      return inner.newSnapshotId();
    }
  }
}
