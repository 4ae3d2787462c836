package weir.enrich.plugin;

import java.util.regex.Pattern;

/**
 * That a project wants a plug-in.
 *
 * @param name of the plug-in
 * @param settings a JSON object
 */
public record PluginUse(String name, String settings) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,39}");

  public PluginUse {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name of a plug-in: 1 to 40 of a-z, 0-9 and _, a letter first");
    }
  }
}
