package weir.decode;

import io.burt.jmespath.Adapter;
import io.burt.jmespath.JmesPathType;
import io.burt.jmespath.function.ArgumentConstraints;
import io.burt.jmespath.function.BaseFunction;
import io.burt.jmespath.function.Function;
import io.burt.jmespath.function.FunctionArgument;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;

/** What mappings need and JMESPath lacks. */
final class MappingFunctions {
  /** Currencies that Stripe counts in whole units, and those that it counts in thousandths. */
  private static final Set<String> WHOLE =
      Set.of(
          "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
          "XOF", "XPF");

  private static final Set<String> THOUSANDTHS = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

  private MappingFunctions() {}

  static Function[] all() {
    return new Function[] {
      new OfText("upper", text -> text.toUpperCase(Locale.ROOT)),
      new OfText("lower", text -> text.toLowerCase(Locale.ROOT)),
      new OfNumbers("multiply", (left, right) -> left.multiply(right, MathContext.DECIMAL64)),
      new OfNumbers("divide", (left, right) -> left.divide(right, MathContext.DECIMAL64)),
      new MajorUnits()
    };
  }

  private static BigDecimal number(Number number) {
    return new BigDecimal(number.toString()).round(MathContext.DECIMAL64);
  }

  private static final class OfText extends BaseFunction {
    private final UnaryOperator<String> change;

    OfText(String name, UnaryOperator<String> change) {
      super(name, ArgumentConstraints.typeOf(JmesPathType.STRING));
      this.change = change;
    }

    @Override
    protected <T> T callFunction(Adapter<T> runtime, List<FunctionArgument<T>> arguments) {
      return runtime.createString(change.apply(runtime.toString(arguments.get(0).value())));
    }
  }

  private static final class OfNumbers extends BaseFunction {
    private final BinaryOperator<BigDecimal> result;

    OfNumbers(String name, BinaryOperator<BigDecimal> result) {
      super(
          name,
          ArgumentConstraints.typeOf(JmesPathType.NUMBER),
          ArgumentConstraints.typeOf(JmesPathType.NUMBER));
      this.result = result;
    }

    @Override
    protected <T> T callFunction(Adapter<T> runtime, List<FunctionArgument<T>> arguments) {
      BigDecimal left = number(runtime.toNumber(arguments.get(0).value()));
      BigDecimal right = number(runtime.toNumber(arguments.get(1).value()));
      return runtime.createNumber(result.apply(left, right).doubleValue());
    }
  }

  /** {@code major_units(1999, 'eur')} is 19.99: what counts in a currency's smallest unit. */
  private static final class MajorUnits extends BaseFunction {
    MajorUnits() {
      super(
          "major_units",
          ArgumentConstraints.typeOf(JmesPathType.NUMBER, JmesPathType.NULL),
          ArgumentConstraints.typeOf(JmesPathType.STRING, JmesPathType.NULL));
    }

    @Override
    protected <T> T callFunction(Adapter<T> runtime, List<FunctionArgument<T>> arguments) {
      T amount = arguments.get(0).value();
      T currency = arguments.get(1).value();
      if (runtime.typeOf(amount) == JmesPathType.NULL
          || runtime.typeOf(currency) == JmesPathType.NULL) {
        return runtime.createNull();
      }
      String code = runtime.toString(currency).toUpperCase(Locale.ROOT);
      int digits = WHOLE.contains(code) ? 0 : THOUSANDTHS.contains(code) ? 3 : 2;
      return runtime.createNumber(
          number(runtime.toNumber(amount)).movePointLeft(digits).doubleValue());
    }
  }
}
