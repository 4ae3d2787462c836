package weir.server.plugins;

/** The process of plug-ins has ended, or had to be ended. */
final class PluginFault extends Exception {
  private static final long serialVersionUID = 1L;
  private final int index;
  private final int plugin;

  /**
   * @param what as a predicate of the plug-in: "took longer than 1000 ms"
   * @param index of the event in the batch, or -1
   * @param plugin its index in the chain, or -1
   */
  PluginFault(String what, int index, int plugin) {
    super(what, null, false, false);
    this.index = index;
    this.plugin = plugin;
  }

  int index() {
    return index;
  }

  int plugin() {
    return plugin;
  }
}
