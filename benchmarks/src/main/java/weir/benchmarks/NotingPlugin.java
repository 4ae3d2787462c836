package weir.benchmarks;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import weir.config.ConfigurationException;
import weir.config.ConfigurationLoader;
import weir.enrich.plugin.PluginChain;
import weir.enrich.plugin.PluginUse;
import weir.plugin.Enrichment;
import weir.plugin.Event;
import weir.server.plugins.Plugins;
import weir.server.roles.PluginSettings;

/** About the least that a plug-in does: it adds a property. */
public final class NotingPlugin implements Enrichment {
  @Override
  public String name() {
    return "noting";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public String description() {
    return "Adds a property.";
  }

  @Override
  public void enrich(Event event) {
    event.setProperty("noted", true);
  }

  /** It, in the process of a project; or nothing. */
  record Running(@Nullable Plugins plugins) implements AutoCloseable {
    Optional<PluginChain> of(String project) {
      return plugins == null ? Optional.empty() : plugins.of(project);
    }

    @Override
    public void close() {
      if (plugins != null) {
        plugins.close();
      }
    }
  }

  static Running start(Path work, boolean wanted, InstantSource clock, LongSupplier ticker)
      throws IOException {
    if (!wanted) {
      return new Running(null);
    }
    Path jars = Files.createDirectories(work.resolve("plugins"));
    pack(jars.resolve("noting.jar"));
    try {
      Plugins plugins =
          Plugins.start(
              PluginSettings.of(
                  ConfigurationLoader.load(null, Map.of(), Map.of()), jars, work.resolve("copies")),
              clock,
              ticker,
              new SimpleMeterRegistry());
      plugins.set("default", List.of(new PluginUse("noting", "{}")));
      return new Running(plugins);
    } catch (ConfigurationException e) {
      throw new IOException(e);
    }
  }

  private static void pack(Path jar) throws IOException {
    String file = NotingPlugin.class.getName().replace('.', '/') + ".class";
    try (InputStream code =
            Objects.requireNonNull(NotingPlugin.class.getResourceAsStream("/" + file));
        OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry(file));
      code.transferTo(zip);
      zip.putNextEntry(new ZipEntry("META-INF/services/weir.plugin.Plugin"));
      zip.write(NotingPlugin.class.getName().getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
  }
}
