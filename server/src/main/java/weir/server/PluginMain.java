package weir.server;

import weir.server.plugins.child.PluginChild;

/** What the engine starts for the plug-ins of a project. */
public final class PluginMain {
  private PluginMain() {}

  /** Runs until its standard input ends. */
  public static void main(String[] args) {
    PluginChild.run();
  }
}
