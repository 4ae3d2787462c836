package weir.server;

import weir.server.cli.WeirCommand;

/** The program. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(WeirCommand.execute(args));
  }
}
