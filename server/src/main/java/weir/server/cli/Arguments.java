package weir.server.cli;

import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What was typed, as the parser of command lines takes it. */
final class Arguments {
  /** White space comes before any equals sign: no option is written so. */
  private static final Pattern COMMENT = Pattern.compile("--[^=\\s]*\\s.*", Pattern.DOTALL);

  private Arguments() {}

  /**
   * The same arguments with a space before SQL that begins with a comment, which else would pass
   * for an option.
   */
  static String[] of(CommandLine line, String... typed) {
    String[] arguments = typed.clone();
    CommandLine command = line;
    boolean isValue = false;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!isValue && COMMENT.matcher(argument).matches()) {
        arguments[i] = " " + argument;
      }
      command = command.getSubcommands().getOrDefault(argument, command);
      isValue = !isValue && takesNext(command.getCommandSpec(), argument);
    }
    return arguments;
  }

  private static boolean takesNext(CommandSpec command, String argument) {
    OptionSpec option = command.findOption(argument);
    return option != null && option.arity().max() > 0;
  }
}
