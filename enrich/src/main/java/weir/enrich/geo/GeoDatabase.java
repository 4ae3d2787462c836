package weir.enrich.geo;

import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Networks;
import com.maxmind.db.Reader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One database in MaxMind's format. Safe for use by several threads. */
final class GeoDatabase implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GeoDatabase.class);
  private static final int UNPACKED_AT_ONCE = 1 << 16;

  private final Reader reader;

  private GeoDatabase(Reader reader) {
    this.reader = reader;
  }

  /**
   * That of countries which is shipped. It is mapped into memory as others are, so that what nobody
   * asks for takes none; where the folder has no room for it, it is held in the heap.
   */
  static GeoDatabase shipped(Path folder) throws IOException {
    try (InputStream file = unpacked()) {
      return mapped(file, folder);
    } catch (IOException e) {
      LOG.warn("the database of countries is held in the heap: {}", e.toString());
    }
    try (InputStream file = unpacked()) {
      return new GeoDatabase(new Reader(file));
    }
  }

  private static InputStream unpacked() throws IOException {
    return new GZIPInputStream(
        Objects.requireNonNull(GeoDatabase.class.getResourceAsStream("country.mmdb.gz")),
        UNPACKED_AT_ONCE);
  }

  private static GeoDatabase mapped(InputStream file, Path folder) throws IOException {
    Path copy = Files.createTempFile(folder, "countries", ".mmdb");
    try {
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      return new GeoDatabase(new Reader(copy.toFile(), Reader.FileMode.MEMORY_MAPPED));
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  /**
   * A file, read from end to end before it is taken. It is mapped into memory from a copy, so that
   * whoever writes over the file harms nobody.
   *
   * @param folder for the copy, which needs no name for long
   * @throws IOException if it is not such a database, or any part of it is broken
   */
  static GeoDatabase checked(Path file, Path folder) throws IOException {
    Path copy = Files.createTempFile(folder, "geo", ".mmdb");
    try {
      Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      return checked(copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private static GeoDatabase checked(Path file) throws IOException {
    Reader reader = new Reader(file.toFile(), Reader.FileMode.MEMORY_MAPPED);
    try {
      Networks<Map> networks = reader.networks(Map.class);
      boolean useful = false;
      while (networks.hasNext()) { // to the end: whatever is broken shows
        Map<?, ?> row = networks.next().data();
        useful |= row != null && !GeoRecord.facts(row).equals(GeoFacts.NOTHING);
      }
      if (!useful) {
        throw new InvalidDatabaseException("it says nothing of countries, places or networks");
      }
      return new GeoDatabase(reader);
    } catch (IOException e) {
      reader.close();
      throw e;
    } catch (InvalidNetworkException | RuntimeException | StackOverflowError e) {
      reader.close();
      throw new InvalidDatabaseException("it is broken: " + e.getMessage(), e);
    }
  }

  GeoFacts find(InetAddress address) {
    try {
      Map<?, ?> row = reader.get(address, Map.class);
      return row == null ? GeoFacts.NOTHING : GeoRecord.facts(row);
    } catch (IOException | RuntimeException e) {
      return GeoFacts.NOTHING;
    }
  }

  /** When it was made, in seconds since the epoch. */
  long builtAt() {
    return reader.getMetadata().buildTime().getEpochSecond();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
