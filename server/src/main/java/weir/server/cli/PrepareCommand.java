package weir.server.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import weir.server.startup.StartupCache;

@Command(
    name = "prepare",
    description = {
      "Makes the cache that lets every later start take less time.",
      "It fits this installation and this build of Java. weir start makes it by",
      "itself, once, after it has started; this command is for container images and",
      "service managers.",
      ""
    },
    mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    Optional<StartupCache> named = StartupCache.named();
    if (named.isEmpty()) {
      throw new IllegalStateException("no place for a cache is known: use the script ./weir");
    }
    StartupCache cache = named.get();
    out.println("Rehearsing a start; this takes some seconds...");
    out.flush();
    cache.make();
    out.printf(
        Locale.ROOT, "Wrote %s, %,d MB%n", cache.file(), Files.size(cache.file()) / 1_000_000);
    out.flush();
    return 0;
  }
}
