package weir.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.burt.jmespath.Expression;
import io.burt.jmespath.JmesPathException;
import io.burt.jmespath.RuntimeConfiguration;
import io.burt.jmespath.function.FunctionRegistry;
import io.burt.jmespath.jackson.JacksonRuntime;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * JMESPath, with bounds. The language has no loops, but an expression can double what it has with
 * each of its steps. So each value that it makes, and each list that it walks, is paid for by its
 * size as a tree: one for each value in it and for each 16 characters of text. The budget follows
 * from the input's size, so that nobody's expressions cost more than a multiple of reading what
 * they are about, and what runs out of it once does so always, on any machine.
 */
final class BoundedExpressions extends JacksonRuntime {
  private static final int BASE = 20_000;
  private static final int FOR_EACH_BYTE = 4;

  /** The longest expression, in characters; parsing takes more than its length. */
  static final int LONGEST = 1_000;

  /** Reading a number takes more than its length. */
  private static final int LONGEST_NUMBER = 1_000;

  /** Reads numbers as they were written. */
  static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(JsonBody.MAX_DEPTH + 10)
                          .maxNameLength(JsonBody.MAX_NAME)
                          .maxNumberLength(LONGEST_NUMBER)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

  private static final int CHARACTERS = 16;
  private static final int DEEPEST = 2 * JsonBody.MAX_DEPTH;
  private static final ScopedValue<Purse> PURSE = ScopedValue.newInstance();
  private static final BoundedExpressions SHARED = new BoundedExpressions();

  private BoundedExpressions() {
    super(
        RuntimeConfiguration.builder()
            .withFunctionRegistry(FunctionRegistry.defaultRegistry().extend(MappingFunctions.all()))
            .build(),
        JSON);
  }

  /** The budget is spent. */
  static final class SpentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SpentException() {
      super("it makes too much of this request", null, false, false);
    }
  }

  /** What evaluating may cost. Used by one thread. */
  static final class Purse {
    private long left;

    /** For all expressions about an input of so many bytes. */
    Purse(int bytes) {
      this.left = BASE + (long) FOR_EACH_BYTE * bytes;
    }

    private void pay(long cost) {
      if (cost > left) {
        throw new SpentException();
      }
      left -= cost;
    }
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Expression<JsonNode> read(String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "an expression may have " + LONGEST + " characters, not " + text.length());
    }
    try {
      return ScopedValue.where(PURSE, new Purse(LONGEST)).call(() -> SHARED.compile(text));
    } catch (JmesPathException | SpentException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("it nests too deeply", e);
    }
  }

  /**
   * What an expression makes of a document. The same for the same document, always.
   *
   * @throws IllegalArgumentException saying why it makes nothing of it
   */
  static JsonNode evaluate(Expression<JsonNode> expression, JsonNode document, Purse purse) {
    try {
      return ScopedValue.where(PURSE, purse).call(() -> expression.search(document));
    } catch (JmesPathException | SpentException | ArithmeticException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("it nests too deeply", e);
    }
  }

  private static void pay(long cost) {
    PURSE.get().pay(cost);
  }

  /** Pays for a value as a tree: what is in it twice counts twice. */
  private static JsonNode paid(JsonNode made) {
    payTree(made, 0);
    return made;
  }

  private static void payTree(JsonNode node, int depth) {
    if (depth > DEEPEST) {
      throw new SpentException();
    }
    pay(1 + (node.isTextual() ? node.textValue().length() / CHARACTERS : 0));
    if (node.isContainerNode()) {
      for (JsonNode child : node) {
        payTree(child, depth + 1);
      }
    }
  }

  @Override
  public List<JsonNode> toList(JsonNode value) {
    pay(1 + value.size());
    return super.toList(value);
  }

  @Override
  public String toString(JsonNode value) {
    return super.toString(paid(value));
  }

  @Override
  public int compare(JsonNode left, JsonNode right) {
    pay(1);
    return super.compare(left, right);
  }

  @Override
  public JsonNode createString(String value) {
    pay(1 + value.length() / CHARACTERS);
    return super.createString(value);
  }

  @Override
  public JsonNode createArray(Collection<JsonNode> elements) {
    return paid(super.createArray(elements));
  }

  @Override
  public JsonNode createObject(Map<JsonNode, JsonNode> fields) {
    return paid(super.createObject(fields));
  }

  @Override
  public JsonNode createNumber(double value) {
    if (!Double.isFinite(value)) {
      throw new ArithmeticException("a number is too large");
    }
    return super.createNumber(value);
  }
}
