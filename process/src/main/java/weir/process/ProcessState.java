package weir.process;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import weir.log.files.Files;

/**
 * What the processor keeps beside its two logs. Opened anew for each start of a processor; the
 * metadata database stays its opener's to close.
 *
 * @param schema property columns, shared with whoever reads them
 */
public record ProcessState(
    MetaDatabase database, PropertySchema schema, DuplicateIndex duplicates) {

  /** Opens the state; what is known of properties is told to nobody. */
  public static ProcessState open(
      MetaDatabase database,
      Files files,
      Path duplicates,
      DuplicateOptions options,
      InstantSource clock,
      MeterRegistry metrics)
      throws IOException {
    return open(
        database, PropertySchema.Publication.NONE, files, duplicates, options, clock, metrics);
  }

  /** Opens the state. */
  public static ProcessState open(
      MetaDatabase database,
      PropertySchema.Publication publication,
      Files files,
      Path duplicates,
      DuplicateOptions options,
      InstantSource clock,
      MeterRegistry metrics)
      throws IOException {
    return new ProcessState(
        database,
        PropertySchema.open(database, publication),
        DuplicateIndex.open(files, duplicates, options, clock, metrics));
  }
}
