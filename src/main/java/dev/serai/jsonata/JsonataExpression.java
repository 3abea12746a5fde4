package dev.serai.jsonata;

import com.dashjoin.jsonata.Jsonata;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSONata expression: parsed once, and evaluated by any number of threads at once. Immutable and thread-safe.
 *
 * <p>The library's own object is neither: the last one that a thread has parsed keeps, as its environment, what that thread
 * evaluates, whichever expression it is, and the next evaluation takes its names from there. So it is made sure that this one
 * is the last of no thread. The parsed tree itself is never written to.
 */
public final class JsonataExpression {
    /** The library reads a character behind a comment. */
    private static final String END = "\n";

    private final String text;
    private final JsonataBounds bounds;
    private final Jsonata parsed;

    private JsonataExpression(String text, JsonataBounds bounds, Jsonata parsed) {
        this.text = text;
        this.bounds = bounds;
        this.parsed = parsed;
    }

    /**
     * Parses an expression.
     *
     * @param functions by name; those of the library's names take their places
     * @throws JsonataFailure if it is none; quotes it
     */
    public static JsonataExpression parse(String text, JsonataBounds bounds, Map<String, JsonataFunction> functions) {
        Jsonata parsed;
        try {
            parsed = Jsonata.jsonata(text + END);
        } catch (RuntimeException | Error e) {
            throw failure(text, e);
        } finally {
            forget();
        }
        BoundedFunctions.BY_NAME.forEach(parsed::registerFunction);
        functions.forEach((name, function) -> parsed.registerFunction(name, Evaluation.function(function)));
        return new JsonataExpression(text, bounds, parsed);
    }

    /** Gives the thread another object of the library's to keep its things in. */
    private static void forget() {
        Jsonata.jsonata("$");
    }

    /**
     * Evaluates it.
     *
     * @param input maps, lists, texts, numbers, truth values, or null; is taken as {@link JsonataValues#of} has it
     * @param names values, of the same kinds
     * @return what it makes, of the same kinds, and also functions
     * @throws JsonataFailure if it cannot be evaluated, or would take more than the bounds allow; quotes nothing of the input
     * @throws RuntimeException what one of its functions has thrown
     */
    public @Nullable Object evaluate(@Nullable Object input, Map<String, ? extends @Nullable Object> names) {
        Jsonata.Frame frame = parsed.createFrame();
        Evaluation evaluation = new Evaluation(text, bounds);
        evaluation.watch(frame);
        try {
            names.forEach((name, value) -> frame.bind(name, JsonataValues.of(value)));
            Object values = JsonataValues.of(input);
            return evaluation.run(() -> parsed.evaluate(values, frame));
        } catch (RuntimeException | Error e) {
            // Others are wrapped on their way, or taken for something else.
            RuntimeException first = evaluation.failure();
            throw first != null ? first : failure(text, e);
        }
    }

    private static RuntimeException failure(String text, Throwable e) {
        return switch (e) {
            case StackOverflowError tooDeep -> JsonataFailure.bound(text, "it is nested too deeply");
            case VirtualMachineError fatal -> throw fatal;
            default -> JsonataFailure.of(text, e);
        };
    }

    /** Whether a value stands for nothing: JSON's null, or what was not found. */
    public static boolean isAbsent(@Nullable Object value) {
        return value == null || value == Jsonata.NULL_VALUE;
    }

    /** The expression. */
    @Override
    public String toString() {
        return text;
    }
}
