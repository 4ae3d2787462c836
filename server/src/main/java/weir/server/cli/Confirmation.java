package weir.server.cli;

import java.io.Console;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks a person before something that cannot be taken back; scripts are not asked. */
final class Confirmation {
  private Confirmation() {}

  /** Whether a person at this process' terminal wants it; yes where there is none. */
  static boolean of(String question) {
    Console console = System.console();
    return console == null
        || !console.isTerminal()
        || of(question, prompt -> console.readLine("%s", prompt));
  }

  /**
   * Whether the answer is yes.
   *
   * @param ask answers null at the end of input
   */
  static boolean of(String question, Function<String, @Nullable String> ask) {
    String answer = ask.apply(question + " [y/N] ");
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }
}
