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
import weir.server.plugins.Plugins;
import weir.server.roles.PluginSettings;

/** The plug-in {@link NotingPlugin} in the process of a project; or nothing. */
record NotingRun(@Nullable Plugins plugins) implements AutoCloseable {
  Optional<PluginChain> of(String project) {
    return plugins == null ? Optional.empty() : plugins.of(project);
  }

  @Override
  public void close() {
    if (plugins != null) {
      plugins.close();
    }
  }

  static NotingRun start(Path work, boolean wanted, InstantSource clock, LongSupplier ticker)
      throws IOException {
    if (!wanted) {
      return new NotingRun(null);
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
      return new NotingRun(plugins);
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
